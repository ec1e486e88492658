namespace VptDsl.Data;

/// <summary>
/// A file of a data set is missing or broken; the message names it, says where it is listed, what is wrong and what to do.
/// </summary>
public sealed class ImageDataException : IOException
{
    /// <summary>Describes a problem with a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, a sentence.</param>
    /// <param name="list">The list that names the file, if one does.</param>
    /// <param name="entry">Its line there (in a JSON list: which entry it is), counted from 1.</param>
    /// <param name="innerException">What the system reported, if it did.</param>
    public ImageDataException(
        string path, string problem, string remedy, string? list = null, int? entry = null, Exception? innerException = null)
        : base(Compose(path, problem, remedy, list, entry), innerException)
    {
        FilePath = path;
        ListPath = list;
        Entry = entry;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The list that names the file; null where none does.</summary>
    public string? ListPath { get; }

    /// <summary>The line of the list, or the entry of a JSON list, counted from 1; null where there is none.</summary>
    public int? Entry { get; }

    /// <summary>How messages name a place in a list.</summary>
    internal static string Place(string list, int entry) =>
        $"{list}, {(list.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "entry" : "line")} {entry}";

    private static string Compose(string path, string problem, string remedy, string? list, int? entry)
    {
        string place = (list, entry) switch
        {
            (null, null) => path,
            (null, { } line) => Place(path, line),
            ({ } name, null) => $"{path} (listed in {name})",
            ({ } name, { } line) => $"{path} ({Place(name, line)})",
        };
        return $"{place}: {problem}. {remedy}";
    }
}
