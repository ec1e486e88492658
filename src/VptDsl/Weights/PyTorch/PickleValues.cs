using VptDsl.Common;

namespace VptDsl.Weights.PyTorch;

/// <summary>The name of a class or function in a pickle: a name only, never looked up and never called.</summary>
internal sealed record PickleGlobal
{
    // Names may be repeated by single bytes: long ones would let a short file ask for any amount of work.
    private const int LongestName = 200;

    /// <summary>Takes a name over.</summary>
    /// <exception cref="FormatException">It is longer than names of code are.</exception>
    public PickleGlobal(string module, string name)
    {
        if (module.Length > LongestName || name.Length > LongestName)
        {
            throw new FormatException($"it has the name of a class or function of more than {LongestName} characters");
        }

        (Module, Name) = (module, name);
    }

    /// <summary>Where Python would look for it, for instance <c>torch._utils</c>.</summary>
    public string Module { get; }

    /// <summary>What it would look for.</summary>
    public string Name { get; }
}

/// <summary>Something in a pickle that is neither a container nor a tensor: it takes part in nothing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">Its class, if the pickle says it.</param>
internal sealed record PickleOpaque(string Kind, PickleGlobal? Type = null)
{
    /// <summary>What it is and of which class, for messages; not put together before somebody wants to read it.</summary>
    public override string ToString() => Type is null ? Kind : $"{Kind} {Quoted.Name($"{Type.Module}.{Type.Name}")}";
}

/// <summary>A Python tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<object?> Items { get; } = items;
}

/// <summary>A Python list.</summary>
internal sealed class PickleList
{
    /// <summary>Its items.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A Python dictionary, as far as its keys are text.</summary>
internal sealed class PickleDictionary
{
    // As with names of code: a key can be used again and again at no cost to the file.
    private const int LongestKey = 1000;

    /// <summary>Its entries, in the order in which they were added.</summary>
    public OrderedDictionary<string, object?> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Sets an entry; keys of other types are passed over.</summary>
    /// <exception cref="FormatException">The key is longer than names are.</exception>
    public void Set(object? key, object? value)
    {
        if (key is string name)
        {
            Entries[name] = name.Length <= LongestKey
                ? value
                : throw new FormatException($"it has a dictionary with a key of more than {LongestKey} characters");
        }
    }
}

/// <summary>Gives meaning to the names in a pickle, for the few that have one.</summary>
internal interface IPickleObjects
{
    /// <summary>What stands for an object that was saved outside of the pickle.</summary>
    /// <exception cref="FormatException">The reference is malformed.</exception>
    public object FindPersistent(object? id);

    /// <summary>What stands for the result of calling a function or class; a <see cref="PickleOpaque"/> for unknown ones.</summary>
    /// <exception cref="FormatException">The arguments of a known one are malformed.</exception>
    public object Build(PickleGlobal function, IReadOnlyList<object?> arguments);
}
