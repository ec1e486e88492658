using System.Diagnostics.CodeAnalysis;

namespace VptDsl.Weights;

/// <summary>Named tensors in one file or several: what a naming dialect and the loader see of a file format.</summary>
internal interface IWeightSource : IDisposable
{
    /// <summary>The file that was opened.</summary>
    public string Path { get; }

    /// <summary>The file's format, for reports.</summary>
    public string Format { get; }

    /// <summary>Every tensor.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Looks a tensor up by its name.</summary>
    /// <exception cref="WeightFileException">There is one, but of a kind that cannot be read.</exception>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor);

    /// <summary>Copies a tensor of a floating-point type, converted to 32 bits.</summary>
    public void Read(TensorInfo tensor, Span<float> destination);
}
