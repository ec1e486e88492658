using System.Collections.Immutable;
using VptDsl.Common;

namespace VptDsl.Weights.PyTorch;

/// <summary>A model's tensors by name, found in what a checkpoint holds beside them.</summary>
/// <param name="Container">The entry of the checkpoint that holds them; null if the checkpoint itself does.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record StateDictionary(string? Container, ImmutableArray<(string Name, TorchTensor Tensor)> Tensors)
{
    // Deeper than any program keeps its model.
    private const int MostDepth = 4;

    // A key can be used again and again at no cost to the file: without a limit, a short one would have names of any length in all.
    private const int MostNameCharacters = 1 << 20;

    // As MAE, DeiT, Swin and ConvNeXt keep theirs, as MoCo does, and as many tutorials do; of a teacher and its student, and of a model and
    // its moving average, the one that their authors evaluate.
    private static readonly string[] Containers = ["model", "state_dict", "model_state_dict", "teacher", "model_ema", "state_dict_ema"];

    // What optimisers keep has the names of parameters too.
    private static readonly string[] NoModels =
    [
        "optimizer", "optimizers", "optimizer_states", "optimizer_state_dict", "lr_scheduler", "scaler",
    ];

    /// <summary>
    /// Looks for a model in a checkpoint: in the entry that is asked for; else in one of a usual name; else in the checkpoint itself, if
    /// none of its entries holds more tensors than it; else in the only entry that holds tensors, at any depth.
    /// </summary>
    /// <param name="checkpoint">What the pickle holds.</param>
    /// <param name="entry">The entry that is meant, with dots between those that lie in each other; null to have it found.</param>
    /// <exception cref="FormatException">There is none, or there are several; the message says what there is.</exception>
    public static StateDictionary Find(object? checkpoint, string? entry = null)
    {
        if (checkpoint is not PickleDictionary root)
        {
            string kind = checkpoint is PickleOpaque opaque ? opaque.ToString() : "no dictionary";
            throw new FormatException($"it holds {kind} instead of a dictionary of tensors");
        }

        ImmutableArray<StateDictionary> all = In(root);
        if (entry is not null)
        {
            return all.FirstOrDefault(found => found.Container == entry) ?? throw new FormatException(
                $"it has no entry {Quoted.Name(entry)} that holds tensors, but {List(all.Where(found => found.Container is not null))}");
        }

        if (Containers.Select(name => all.FirstOrDefault(found => found.Container == name))
            .FirstOrDefault(found => found is not null) is { } usual)
        {
            return usual;
        }

        ImmutableArray<StateDictionary> models = [.. all.Where(found => !NoModels.Contains(found.Container?.Split('.')[0]))];
        if (models.FirstOrDefault(found => found.Container is null) is { } own
            && models.All(found => found.Tensors.Length <= own.Tensors.Length))
        {
            return own;
        }

        return models.Where(found => found.Container is not null).ToArray() switch
        {
            [var only] => only,
            [] => throw new FormatException("neither it nor any of its entries holds tensors"),
            var several => throw new FormatException(
                $"several of its entries hold tensors ({List(several)}), and none has a usual name; say which is meant with entry"),
        };
    }

    // A dictionary can be in many entries at no cost to the file, and in itself: each is looked at once.
    private static ImmutableArray<StateDictionary> In(PickleDictionary root)
    {
        var found = ImmutableArray.CreateBuilder<StateDictionary>();
        var seen = new HashSet<PickleDictionary>(ReferenceEqualityComparer.Instance);
        int characters = 0;
        Add(root, path: null, depth: 0);
        return found.ToImmutable();

        void Add(PickleDictionary dictionary, string? path, int depth)
        {
            if (!seen.Add(dictionary))
                return;
            characters += path?.Length ?? 0;
            if (characters > MostNameCharacters)
                throw new FormatException($"the names of its entries have more than {MostNameCharacters} characters in all");
            ImmutableArray<(string, TorchTensor)> own =
                [.. dictionary.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => (entry.Key, (TorchTensor)entry.Value!))];
            if (own.Length > 0)
                found.Add(new StateDictionary(path, own));
            if (depth == MostDepth)
                return;
            foreach ((string name, object? value) in dictionary.Entries)
            {
                if (value is PickleDictionary inner)
                    Add(inner, path is null ? name : $"{path}.{name}", depth + 1);
            }
        }
    }

    private static string List(IEnumerable<StateDictionary> found)
    {
        string[] names = [.. found.Select(dictionary => Quoted.Name(dictionary.Container!))];
        return names.Length == 0
            ? "none at all"
            : string.Join(", ", names.Take(20)) + (names.Length > 20 ? $" and {names.Length - 20} more" : "");
    }
}
