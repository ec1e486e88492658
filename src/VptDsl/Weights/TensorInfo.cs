using System.Collections.Immutable;
using VptDsl.Common;

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
    /// <summary>The number of elements; 0 where their type is not known.</summary>
    public long Count => Type == TensorType.Other ? 0 : ByteCount / Type.ByteSize();

    /// <summary>What the file calls the type, for instance <c>F8_E4M3</c>.</summary>
    public string TypeName { get; init; } = Type.ToString();

    /// <summary>Its name, type and shape.</summary>
    public override string ToString() =>
        $"{Quoted.Name(Name)} {(Type == TensorType.Other ? Quoted.Name(TypeName) : Type)} [{string.Join(", ", Shape)}]";
}
