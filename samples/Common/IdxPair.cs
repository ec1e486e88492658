using VptDsl.Data;

namespace Samples;

/// <summary>Images and their labels in two gzipped IDX files, under the names that MNIST gave such pairs.</summary>
internal static class IdxPair
{
    /// <summary>Reads a pair.</summary>
    /// <param name="folder">The folder that holds both.</param>
    /// <param name="name">What both names begin with.</param>
    /// <param name="normalization">Applied when an image is read.</param>
    /// <param name="classNames">What the labels stand for; left out, the labels are the names.</param>
    public static ImageSet Read(string folder, string name, Normalization normalization, IReadOnlyList<string>? classNames = null) =>
        IdxFile.ReadImages(
            Path.Combine(folder, $"{name}-images-idx3-ubyte.gz"),
            Path.Combine(folder, $"{name}-labels-idx1-ubyte.gz"),
            normalization,
            classNames);
}
