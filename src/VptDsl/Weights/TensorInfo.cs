using System.Collections.Immutable;

namespace VptDsl.Weights;

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Offset">
/// Where its first byte lies, counted from the start of the data that hold it: the file's after its header, or those of one file
/// in an archive.
/// </param>
/// <param name="ByteCount">The number of bytes that its elements take.</param>
public sealed record TensorInfo(string Name, TensorType Type, ImmutableArray<long> Shape, long Offset, long ByteCount)
{
    /// <summary>The number of elements.</summary>
    public long Count => ByteCount / Type.ByteSize();

    /// <summary>Its name, type and shape.</summary>
    public override string ToString() => $"{Quoted.Name(Name)} {Type} [{string.Join(", ", Shape)}]";
}
