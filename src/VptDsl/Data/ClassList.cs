namespace VptDsl.Data;

/// <summary>Checks lists of class names.</summary>
internal static class ClassList
{
    /// <summary>Requires a list in which every class has a name.</summary>
    /// <param name="names">The list.</param>
    /// <param name="parameter">What the caller calls it.</param>
    /// <exception cref="ArgumentException">It is null, or one of its names is.</exception>
    public static void Require(IReadOnlyList<string> names, string parameter)
    {
        ArgumentNullException.ThrowIfNull(names, parameter);
        if (Unnamed(names) is { } problem)
            throw new ArgumentException($"{problem}.", parameter);
    }

    /// <summary>Requires names that tell the classes apart as well.</summary>
    /// <param name="names">The list.</param>
    /// <param name="parameter">What the caller calls it.</param>
    /// <exception cref="ArgumentException">It is null, one of its names is, or two of them are the same.</exception>
    public static void RequireDistinct(IReadOnlyList<string> names, string parameter)
    {
        Require(names, parameter);
        if (Repeated(names) is { } problem)
            throw new ArgumentException($"{problem}.", parameter);
    }

    /// <summary>Says which class has no name; null where all have one.</summary>
    public static string? Unnamed(IReadOnlyList<string> names)
    {
        for (int label = 0; label < names.Count; label++)
        {
            if (names[label] is null)
                return $"the name of class {label} is null: give it one, its number for instance";
        }

        return null;
    }

    /// <summary>Says which name two classes share, however its accents are composed; null where none do.</summary>
    public static string? Repeated(IReadOnlyList<string> names)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < names.Count; label++)
        {
            string name = names[label].Normalize();
            if (!known.TryAdd(name, label))
                return $"class name \"{names[label]}\" is given twice, to classes {known[name]} and {label}: give each its own";
        }

        return null;
    }
}
