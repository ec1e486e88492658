using System.Collections.Immutable;

namespace VptDsl.Weights.PyTorch;

/// <summary>A model's tensors by name, found in what a checkpoint holds beside them.</summary>
/// <param name="Container">The entry of the checkpoint that holds them; null if the checkpoint itself does.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record StateDictionary(string? Container, ImmutableArray<(string Name, TorchTensor Tensor)> Tensors)
{
    // As MAE, DeiT, Swin and ConvNeXt keep theirs, as MoCo does, and as many tutorials do.
    private static readonly string[] Containers = ["model", "state_dict", "model_state_dict"];

    /// <summary>Looks for a model in a checkpoint: in an entry of a usual name, else in the checkpoint itself.</summary>
    /// <exception cref="FormatException">There is none; the message says what there is.</exception>
    public static StateDictionary Find(object? checkpoint)
    {
        if (checkpoint is not PickleDictionary root)
        {
            string kind = checkpoint is PickleOpaque opaque ? opaque.ToString() : "no dictionary";
            throw new FormatException($"it holds {kind} instead of a dictionary of tensors");
        }

        foreach (string container in Containers)
        {
            if (root.Entries.TryGetValue(container, out object? value)
                && value is PickleDictionary inner
                && TensorsOf(inner) is { Length: > 0 } found)
            {
                return new StateDictionary(container, found);
            }
        }

        return TensorsOf(root) is { Length: > 0 } own
            ? new StateDictionary(null, own)
            : throw new FormatException("neither it nor its entries model, state_dict and model_state_dict hold tensors");
    }

    private static ImmutableArray<(string Name, TorchTensor Tensor)> TensorsOf(PickleDictionary dictionary) =>
        [.. dictionary.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => (entry.Key, (TorchTensor)entry.Value!))];
}
