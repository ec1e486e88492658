using System.Collections.Immutable;

namespace VptDsl.Weights.PyTorch;

/// <summary>A model's tensors by name, found in what a checkpoint holds beside them.</summary>
/// <param name="Container">The entry of the checkpoint that holds them; null if the checkpoint itself does.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record StateDictionary(string? Container, ImmutableArray<(string Name, TorchTensor Tensor)> Tensors)
{
    // As MAE, DeiT, Swin and ConvNeXt keep theirs, as MoCo does, and as many tutorials do; of a teacher and its student, and of a model and its
    // moving average, the one that their authors evaluate.
    private static readonly string[] Containers = ["model", "state_dict", "model_state_dict", "teacher", "model_ema", "state_dict_ema"];

    /// <summary>
    /// Looks for a model in a checkpoint: in an entry of a usual name, else in the checkpoint itself, else in the only entry that holds tensors.
    /// </summary>
    /// <exception cref="FormatException">There is none, or there are several; the message says what there is.</exception>
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

        if (TensorsOf(root) is { Length: > 0 } own)
            return new StateDictionary(null, own);
        (string Name, ImmutableArray<(string, TorchTensor)> Tensors)[] holding =
        [
            .. root.Entries.Where(entry => entry.Value is PickleDictionary && entry.Key is not "optimizer")
                .Select(entry => (entry.Key, TensorsOf((PickleDictionary)entry.Value!))).Where(entry => entry.Item2.Length > 0),
        ];
        return holding switch
        {
            [var only] => new StateDictionary(only.Name, only.Tensors),
            [] => throw new FormatException("neither it nor any of its entries holds tensors"),
            _ => throw new FormatException(
                $"several of its entries hold tensors ({string.Join(", ", holding.Select(entry => Quoted.Name(entry.Name)))}), and none has a usual name; "
                + "save the one that is meant alone"),
        };
    }

    private static ImmutableArray<(string Name, TorchTensor Tensor)> TensorsOf(PickleDictionary dictionary) =>
        [.. dictionary.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => (entry.Key, (TorchTensor)entry.Value!))];
}
