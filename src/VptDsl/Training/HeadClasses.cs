using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Brings the classes of a set to those of a head: by their names where the head's are known, else by their order.</summary>
internal static class HeadClasses
{
    /// <summary>The role of the set that a head learns from, and takes its names from.</summary>
    public const string Training = "training";

    /// <summary>Of one class there is nothing to learn.</summary>
    public const int Fewest = 2;

    /// <summary>The head's label of each class of a set.</summary>
    /// <param name="classes">The set's classes.</param>
    /// <param name="program">The model, and how many classes its task has.</param>
    /// <param name="names">The head's classes; null where it has no names yet.</param>
    /// <param name="role">What the set is for, as in "the training set".</param>
    /// <returns>Null where the set's own labels are the head's.</returns>
    /// <exception cref="ArgumentException">
    /// A class of the set has no name or that of another, or the set has more classes than the head, or fewer that are not the head's by
    /// name, or some that are and others that are not.
    /// </exception>
    public static int[]? Labels(IReadOnlyList<string> classes, ModelProgram program, IReadOnlyList<string>? names, string role)
    {
        RequireNames(classes, role);
        ModelDescription model = program.Model;
        bool areAsMany = classes.Count == program.TaskClasses;
        int[] labels = Find(classes, names ?? []);
        int found = labels.Count(label => label >= 0);
        if (found > 0 && found == classes.Count)
            return areAsMany && labels.SequenceEqual(Enumerable.Range(0, labels.Length)) ? null : labels;
        // By their order, classes of which some are the head's would take the places of others.
        if (found > 0 && areAsMany && role != Training)
        {
            throw new ArgumentException(
                $"The {role} set has classes that the head of {model.Name} has too, but also "
                + $"{ClassText.Of([.. classes.Where((_, i) => labels[i] < 0)])}; the head has "
                + $"{ClassText.Of(names!)}: name the set's classes as the head's are named, or leave the others out.");
        }

        if (areAsMany)
            return null;
        if (classes.Count > model.Classes)
        {
            throw new ArgumentException(
                $"The {role} set has {ClassText.Of(classes)}, but the head of {model.Name} has room for {model.Classes}: declare the head "
                + $"with Classes = {classes.Count}, or more.");
        }

        if (classes.Count < Fewest && role == Training)
        {
            throw new ArgumentException(
                $"The {role} set has {ClassText.Of(classes)}, of which there is nothing to learn: give a set of {Fewest} classes or more.");
        }

        throw new ArgumentException(
            $"The {role} set has {ClassText.Of(classes)}, but the head of {model.Name} tells "
            + (names is null ? ClassText.Count(program.TaskClasses) : ClassText.Of(names)) + " apart: "
            + (role == Training ? $"call {nameof(Tuner.ResetHead)}({classes.Count}) to begin a task of as many, or "
                : names is null ? "train or load a task of as many, or "
                : "")
            + (names is null ? "name all of the head's classes where the set is read (classNames)."
                : "name the set's as the head's are named."));
    }

    /// <summary>
    /// How many classes a head gets that learns from a set first: the set's, unless they are no task for it, which <see cref="Labels"/>
    /// says.
    /// </summary>
    public static int OfFirst(IImageSource train, ModelDescription model) =>
        train.ClassNames?.Count is { } count && count >= Fewest && count <= model.Classes ? count : model.Classes;

    /// <summary>The place of each class among names; -1 where it is not there, or nobody can say which it is.</summary>
    private static int[] Find(IReadOnlyList<string> classes, IReadOnlyList<string> names)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < names.Count; label++)
        {
            string name = names[label].Normalize();
            known[name] = known.ContainsKey(name) ? -1 : label;
        }

        return [.. classes.Select(name => known.GetValueOrDefault(name.Normalize(), -1))];
    }

    private static void RequireNames(IReadOnlyList<string> names, string role)
    {
        string? problem = names is null
            ? $"its {nameof(IImageSource.ClassNames)} are null: name each class"
            : ClassList.Unnamed(names) ?? ClassList.Repeated(names);
        if (problem is not null)
            throw new ArgumentException($"The classes of the {role} set cannot be told apart: {problem}.");
    }
}
