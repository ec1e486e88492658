using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>A weight or task file cannot be used; the message names the file, the tensor, what is wrong and what to do.</summary>
public sealed class WeightFileException : IOException
{
    /// <summary>Describes a problem with a file as a whole, or with one of its tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, a sentence.</param>
    /// <param name="tensor">The tensor concerned, if it is one.</param>
    /// <param name="innerException">What the system reported, if it did.</param>
    public WeightFileException(string path, string problem, string remedy, string? tensor = null, Exception? innerException = null)
        : base(Compose(path, problem, remedy, tensor), innerException)
    {
        FilePath = path;
        Tensor = tensor;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The tensor concerned; null if the problem is the file's as a whole.</summary>
    public string? Tensor { get; }

    /// <summary>A file that breaks its format.</summary>
    internal static WeightFileException Broken(
        string path,
        string problem,
        string? tensor = null,
        string remedy = "The file is damaged or was written wrongly: download or export it again.",
        Exception? innerException = null) =>
        new(path, problem, remedy, tensor, innerException);

    private static string Compose(string path, string problem, string remedy, string? tensor)
    {
        string place = tensor is null ? path : $"{path}: tensor {Quoted.Name(tensor)}";
        return $"{place}: {problem}. {remedy}";
    }
}
