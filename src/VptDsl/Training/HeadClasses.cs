using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Brings the classes of a set to those of a head: by their names where the head's are known, else by their order.</summary>
internal static class HeadClasses
{
    /// <summary>The role of the set that a head learns from, and takes its names from.</summary>
    public const string Training = "training";

    /// <summary>The head's label of each class of a set.</summary>
    /// <param name="classes">The set's classes.</param>
    /// <param name="model">The model.</param>
    /// <param name="names">The head's classes; null where it has no names yet.</param>
    /// <param name="role">What the set is for, as in "the training set".</param>
    /// <returns>Null where the set's own labels are the head's.</returns>
    /// <exception cref="ArgumentException">
    /// The set has more classes than the head, or fewer that are not the head's by name, or some that are and others that are not.
    /// </exception>
    public static int[]? Labels(IReadOnlyList<string> classes, ModelDescription model, IReadOnlyList<string>? names, string role)
    {
        bool areAsMany = classes.Count == model.Classes;
        if (areAsMany && names is not null && role != Training)
            RefuseMixture(classes, model, names, role);
        if (names is not null && ByName(classes, names) is { } labels)
            return areAsMany && labels.SequenceEqual(Enumerable.Range(0, labels.Length)) ? null : labels;
        return areAsMany ? null : throw new ArgumentException(
            $"The {role} set has {ClassText.Of(classes)}, but the head of {model.Name} has "
            + (names is null ? ClassText.Count(model.Classes) : ClassText.Of(names))
            + ": declare the head with as many, or name "
            + (names is null ? "all of the head's classes where the set is read (classNames)." : "the set's as the head's are named."));
    }

    /// <summary>By their order, classes of which some are the head's would take the places of others.</summary>
    private static void RefuseMixture(IReadOnlyList<string> classes, ModelDescription model, IReadOnlyList<string> names, string role)
    {
        var known = names.Select(name => name.Normalize()).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. classes.Where(name => !known.Contains(name.Normalize()))];
        if (others.Length > 0 && others.Length < classes.Count)
        {
            throw new ArgumentException(
                $"The {role} set has classes that the head of {model.Name} has too, but also {ClassText.Of(others)}; the head has "
                + $"{ClassText.Of(names)}: name the set's classes as the head's are named, or leave the others out.");
        }
    }

    /// <summary>Null where a class is not among the names, or nobody can say which it is.</summary>
    private static int[]? ByName(IReadOnlyList<string> classes, IReadOnlyList<string> names)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < names.Count; label++)
        {
            if (!known.TryAdd(names[label].Normalize(), label))
                return null;
        }

        int[] labels = [.. classes.Select(name => known.GetValueOrDefault(name.Normalize(), -1))];
        return labels.Length == 0 || labels.Contains(-1) || labels.Distinct().Count() < labels.Length ? null : labels;
    }
}
