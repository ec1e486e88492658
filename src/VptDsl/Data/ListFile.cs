using System.Globalization;
using System.Text;
using VptDsl.Common;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads lists of images: a line has a path, white space, a comma or a semicolon, and a label, a whole number from 0.</summary>
/// <remarks>
/// The layout in which VTAB-1k is passed around (see <see cref="VtabTask"/>), and much else. Empty lines are passed over, and so is a first
/// line of column names. Paths may be quoted. A line that repeats another counts again, and <see cref="PixelImages.Repeated"/> says so.
/// </remarks>
public static class ListFile
{
    /// <summary>The highest label.</summary>
    public const int MaximumLabel = 1_000_000;

    private static readonly char[] Separators = [' ', '\t', ',', ';'];

    private static readonly string[] ColumnNames = ["label", "labels", "class", "class_id", "classid", "category", "target", "y"];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a list.</summary>
    /// <param name="path">The list, UTF-8 text.</param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="root">The folder that paths in the list start from. Left out: the list's own.</param>
    /// <param name="classNames">
    /// The name of each class. Left out: the labels themselves, 0 to the highest in the list.
    /// </param>
    /// <returns>The images in the list's order.</returns>
    /// <exception cref="ImageDataException">The list is missing or broken, or an image is missing; the message names the line.</exception>
    public static PixelImages Read(
        string path, ImagePipeline pipeline, string? root = null, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.Require(classNames, nameof(classNames));
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        int classes = classNames?.Count ?? MaximumLabel + 1;
        FileEntry[] entries = ReadEntries(path, folder, classes);
        if (entries.Length == 0)
        {
            throw new ImageDataException(
                path, "the list names no images", "Each line needs a path and a label, as in \"images/0001.jpg 3\".");
        }

        int repeated = CountRepeated(path, entries);
        if (classNames is null && entries.Min(entry => entry.Label) == 1)
        {
            throw new ImageDataException(
                path, "its labels seem to count from 1, for none is 0", "Count from 0, or name the classes if the first has no images.");
        }

        classNames ??= NumberNames(entries.Max(entry => entry.Label) + 1);
        return new PixelImages(new FileStore(entries, classNames) { Repeated = repeated }, pipeline);
    }

    /// <summary>The names of classes that have none: their labels.</summary>
    internal static string[] NumberNames(int count) =>
        [.. Enumerable.Range(0, count).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    private static FileEntry[] ReadEntries(string path, string folder, int classes)
    {
        using var reader = new StreamReader(ListText.Open(path, "Give the path of a list of images."), StrictUtf8);
        var entries = new List<FileEntry>();
        int number = 0;
        try
        {
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line) && !(entries.Count == 0 && IsHeader(line)))
                    entries.Add(ReadLine(path, folder, classes, line.Trim(), number));
            }
        }
        catch (DecoderFallbackException e)
        {
            throw ListText.NotUtf8(path, e);
        }

        return [.. entries];
    }

    /// <summary>Counts lines that say again what an earlier one says.</summary>
    /// <exception cref="ImageDataException">Two lines give an image different classes.</exception>
    private static int CountRepeated(string path, FileEntry[] entries)
    {
        int repeated = 0;
        var first = new Dictionary<string, FileEntry>(StringComparer.Ordinal);
        foreach (FileEntry entry in entries)
        {
            if (first.TryAdd(entry.Path, entry))
                continue;
            repeated++;
            if (first[entry.Path] is var known && known.Label != entry.Label)
            {
                throw new ImageDataException(
                    path, $"the label of {Quoted.Name(entry.Path)} is {entry.Label}, but {known.Label} in line {known.Line}",
                    "Take one of the two lines out.", entry: entry.Line);
            }
        }

        return repeated;
    }

    private static bool IsHeader(string line) =>
        line.Split(Separators, StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } names
        && ColumnNames.Contains(names[^1].Trim('"').ToLowerInvariant());

    private static string Unquoted(string image) => image is ['"', .., '"']
        ? image[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
        : image;

    private static FileEntry ReadLine(string path, string folder, int classes, string line, int number)
    {
        // The label comes last, so that paths may have spaces.
        int space = line.AsSpan().LastIndexOfAny(Separators);
        if (space < 0 || !int.TryParse(line.AsSpan(space + 1).Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int label))
        {
            throw new ImageDataException(
                path, $"{Quoted.Name(line)} is not a path and a label", "Write it as in \"images/0001.jpg 3\".", entry: number);
        }

        if (label >= classes)
        {
            throw new ImageDataException(
                path, $"the label is {label}, but there are {classes} classes, labels 0 to {classes - 1}",
                "Correct the label or name more classes.", entry: number);
        }

        string image = Unquoted(line[..space].TrimEnd(Separators));
        int before = image.AsSpan().LastIndexOfAny(Separators);
        if (before > 0 && int.TryParse(image.AsSpan(before + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && !File.Exists(Path.Combine(folder, image)))
        {
            throw new ImageDataException(
                path, $"{Quoted.Name(line)} has several labels, and an image has one class", "Keep one label in each line.", entry: number);
        }

        return image.Any(char.IsControl)
            ? throw new ImageDataException(path, $"the path {Quoted.Name(image)} has control characters", "Correct it.", entry: number)
            : new FileEntry(Path.Combine(folder, image), label, path, number);
    }
}
