using System.Collections.Immutable;

namespace VptDsl.Weights.PyTorch;

/// <summary>What the names in PyTorch's checkpoints stand for: tensors, their storages and ordered dictionaries; nothing else.</summary>
internal sealed class TorchObjects : IPickleObjects
{
    // The tensors of models have 5 axes at most.
    private const int MaxRank = 16;

    // Storages are numbered.
    private const int LongestKey = 40;

    private const string RebuildFromType = "_rebuild_from_type_v2";

    /// <inheritdoc/>
    public object FindPersistent(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal storage, string key, _, long count] }
            || count < 0
            || key.Length > LongestKey)
        {
            throw new FormatException("it refers to a storage in a way that is unknown");
        }

        return StorageType(storage) is { } type
            ? new TorchStorage(type, key, count)
            : new PickleOpaque("a storage", storage);
    }

    /// <inheritdoc/>
    public object Build(PickleGlobal function, IReadOnlyList<object?> arguments) => (function.Module, function.Name, arguments) switch
    {
        ("torch._utils", "_rebuild_tensor" or "_rebuild_tensor_v2", [_, _, _, _, ..]) => BuildTensor(arguments),
        ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state", [TorchTensor tensor, ..]) => tensor,
        ("torch._tensor", RebuildFromType, [PickleGlobal { Name: not RebuildFromType } rebuild, _, PickleTuple inner, ..]) =>
            Build(rebuild, inner.Items),
        ("collections", "OrderedDict", []) => new PickleDictionary(),
        _ => new PickleOpaque("an object", function),
    };

    private static object BuildTensor(IReadOnlyList<object?> arguments)
    {
        if (arguments[0] is PickleOpaque opaque)
        {
            return opaque;
        }

        if (arguments[0] is not TorchStorage storage
            || arguments[1] is not (long and >= 0 and var start)
            || Sizes(arguments[2]) is not { } shape
            || Sizes(arguments[3]) is not { } strides
            || shape.Length != strides.Length)
        {
            throw new FormatException("it builds a tensor from something other than a storage, an offset, a shape and strides");
        }

        return new TorchTensor(storage, start, new StridedLayout(shape, strides));
    }

    private static ImmutableArray<long>? Sizes(object? value) =>
        value is PickleTuple { Items: { Count: <= MaxRank } items } && items.All(item => item is long and >= 0)
            ? [.. items.Cast<long>()]
            : null;

    private static TensorType? StorageType(PickleGlobal storage) =>
        storage.Module is "torch" or "torch.cuda" ? StorageType(storage.Name) : null;

    private static TensorType? StorageType(string name) => name switch
    {
        "BoolStorage" => TensorType.Bool,
        "ByteStorage" => TensorType.UInt8,
        "CharStorage" => TensorType.Int8,
        "ShortStorage" => TensorType.Int16,
        "HalfStorage" => TensorType.Float16,
        "BFloat16Storage" => TensorType.BFloat16,
        "IntStorage" => TensorType.Int32,
        "FloatStorage" => TensorType.Float32,
        "DoubleStorage" => TensorType.Float64,
        "LongStorage" => TensorType.Int64,
        "ComplexFloatStorage" => TensorType.Complex64,
        _ => null,
    };
}
