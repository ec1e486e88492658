using System.Collections.Immutable;

namespace VptDsl.Weights.PyTorch;

/// <summary>Memory that tensors are views of; its content is a file of its own in the archive.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Key">The file's name.</param>
/// <param name="Count">How many elements it has, as the pickle claims.</param>
internal sealed record TorchStorage(TensorType Type, string Key, long Count);

/// <summary>A tensor in a pickle: a view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Start">Its first element's place in the storage, in elements.</param>
/// <param name="Layout">How the others lie.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Start, StridedLayout Layout)
{
    /// <summary>Its shape.</summary>
    public ImmutableArray<long> Shape => Layout.Shape;
}
