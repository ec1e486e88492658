using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>
/// Reads image sets in the layout of WebDataset: tar files ("shards") in which files that share a name up to its first dot are one
/// sample, such as <c>000017.jpg</c> and <c>000017.cls</c>.
/// </summary>
/// <remarks>
/// A sample has one image (JPEG, PNG, WebP, BMP or GIF) and its class in <c>.cls</c>, a whole number from 0 as text; other files of a
/// sample are passed over. Shards stay on the disk: their tables of contents are read once, then each image where it lies. Source:
/// https://github.com/webdataset/webdataset.
/// </remarks>
public static class WebDataset
{
    /// <summary>Reads shards.</summary>
    /// <param name="shards">
    /// A file, or several: as in <c>train-{0000..0012}.tar</c>, the numbers from one to the other, with zeros in front as written; or as in
    /// <c>train-*.tar</c>, those that there are, by name.
    /// </param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="classNames">The name of each class. Left out: the labels themselves, 0 to the highest there is.</param>
    /// <returns>The images in the order of the shards.</returns>
    /// <exception cref="ArgumentException"><paramref name="shards"/> has braces without a range of numbers in them.</exception>
    /// <exception cref="ImageDataException">
    /// A shard is missing, compressed or damaged, none matches, or a sample lacks its image or its class; the message names shard and
    /// sample.
    /// </exception>
    public static PixelImages Read(string shards, ImagePipeline pipeline, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.Require(classNames, nameof(classNames));
        int classes = classNames?.Count ?? ListFile.MaximumLabel + 1;
        TarredImage[] images = [.. ShardNames.Expand(shards).SelectMany(shard => TarIndex.Read(shard, classes))];
        if (images.Length == 0)
            throw new ImageDataException(shards, "it has no samples", "Give the shards of an image set, as in train-{0000..0012}.tar.");
        return new PixelImages(
            new TarStore(images, classNames ?? ListFile.NumberNames(images.Max(image => image.Label) + 1)), pipeline);
    }
}
