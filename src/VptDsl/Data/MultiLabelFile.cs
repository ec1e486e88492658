using System.Text;
using System.Text.Json;
using VptDsl.Common;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads lists of images that have any number of classes each: comma-separated values, or lines of JSON.</summary>
/// <remarks>
/// A line of values is a path and then its classes, <c>images/1.jpg,dog,person</c>, quoted as in RFC 4180 where names have commas; a line
/// of JSON is <c>{"image":"images/1.jpg","classes":["dog","person"]}</c>. An image without classes is one with none. Empty lines are
/// passed over, and so is a first line that begins with <c>path</c>, <c>image</c> or <c>file</c> and names no file.
/// </remarks>
public static class MultiLabelFile
{
    private const string Remedy =
        "Write a path and its classes, as in images/1.jpg,dog,person or {\"image\":\"images/1.jpg\",\"classes\":[\"dog\",\"person\"]}.";

    private static readonly string[] HeaderNames = ["path", "image", "file", "filename", "image_path"];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a list.</summary>
    /// <param name="path">The list, UTF-8 text.</param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="root">The folder that paths in the list start from. Left out: the list's own.</param>
    /// <param name="classNames">
    /// The name of each class. Left out: the names in the list, sorted by code; a test set needs those of the training set.
    /// </param>
    /// <returns>The images in the list's order.</returns>
    /// <exception cref="ImageDataException">The list is missing or broken, or an image is missing; the message names the line.</exception>
    public static MultiLabelImages Read(
        string path, ImagePipeline pipeline, string? root = null, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.RequireDistinct(classNames, nameof(classNames));
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<Line> lines = ReadLines(path, folder);
        if (lines.Count == 0)
            throw new ImageDataException(path, "the list names no images", Remedy);
        IReadOnlyList<string> names =
            classNames ?? [.. lines.SelectMany(line => line.Classes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Count == 0)
            throw new ImageDataException(path, "no image of the list has a class", Remedy);
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < names.Count; label++)
            labels.Add(names[label].Normalize(), label);
        FileEntry[] entries = [.. lines.Select(line => new FileEntry(Path.Combine(folder, line.Image), 0, path, line.Number))];
        var images = new PixelImages(new FileStore(entries, names), pipeline);
        return new MultiLabelImages(images, names, [.. lines.Select(line => LabelsOf(path, line, labels, names))]);
    }

    private static int[] LabelsOf(string path, Line line, Dictionary<string, int> labels, IReadOnlyList<string> names) =>
    [
        .. line.Classes.Select(name => labels.TryGetValue(name, out int label) ? label : throw new ImageDataException(
            path, $"the class {Quoted.Name(name)} is none of {ClassText.Of([.. names])}", "Correct it, or name the class too.",
            entry: line.Number)),
    ];

    private static List<Line> ReadLines(string path, string folder)
    {
        using var reader = new StreamReader(ListText.Open(path, "Give the path of a list of images."), StrictUtf8);
        var lines = new List<Line>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        try
        {
            while (reader.ReadLine() is { } text)
            {
                number++;
                if (string.IsNullOrWhiteSpace(text))
                    continue;
                string[] parts = text.TrimStart().StartsWith('{') ? OfJson(path, text, number) : OfValues(path, text, number);
                if (lines.Count == 0 && IsHeader(parts[0], folder))
                    continue;
                Line line = Checked(path, parts, number);
                if (!seen.TryAdd(line.Image, number))
                {
                    throw new ImageDataException(
                        path, $"{Quoted.Name(line.Image)} is in line {seen[line.Image]} already", "Write all its classes in one line.",
                        entry: number);
                }

                lines.Add(line);
            }
        }
        catch (DecoderFallbackException e)
        {
            throw ListText.NotUtf8(path, e);
        }

        return lines;
    }

    private static bool IsHeader(string first, string folder) =>
        HeaderNames.Contains(first.ToLowerInvariant()) && !File.Exists(Path.Combine(folder, first));

    private static Line Checked(string path, string[] parts, int number)
    {
        string image = parts[0];
        if (image.Length == 0 || image.Any(char.IsControl))
            throw new ImageDataException(path, $"{Quoted.Name(image)} is no path of an image", Remedy, entry: number);
        // Composed as file names and task files are compared, so that two spellings of an accent are one class.
        string[] classes = [.. parts[1..].Select(name => name.Normalize())];
        if (classes.FirstOrDefault(name => string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)) is { } odd)
            throw new ImageDataException(path, $"{Quoted.Name(odd)} is no name of a class", Remedy, entry: number);
        if (classes.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
        {
            throw new ImageDataException(
                path, $"{Quoted.Name(image)} has the class {Quoted.Name(twice)} twice", "Keep it once.", entry: number);
        }

        return new Line(image, classes, number);
    }

    private static string[] OfJson(string path, string text, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement classes = document.RootElement.GetProperty("classes");
            return
            [
                document.RootElement.GetProperty("image").GetString() ?? "",
                .. classes.EnumerateArray().Select(name => name.GetString() ?? ""),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ImageDataException(
                path, $"this is no object with an image and its classes ({e.Message.TrimEnd('.')})", Remedy, entry: number,
                innerException: e);
        }
    }

    /// <summary>Values between commas; white space around them does not count, but for that within quotes.</summary>
    private static string[] OfValues(string path, string text, int number)
    {
        var values = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            values.Add(at < text.Length && text[at] == '"' ? OfQuotes(path, text, ref at, number) : OfPlain(text, ref at));
            // Tables have as many columns in each line, and nothing in the last ones.
            if (at == text.Length)
                return [values[0], .. values[1..].Where(value => value.Length > 0)];
            at++;
        }
    }

    private static string OfPlain(string text, ref int at)
    {
        int comma = text.IndexOf(',', at), end = comma < 0 ? text.Length : comma;
        string value = text[at..end].TrimEnd();
        at = end;
        return value;
    }

    private static string OfQuotes(string path, string text, ref int at, int number)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                value.Append(text[at++]);
            else
                break;
        }

        bool isClosed = at < text.Length;
        at = Math.Min(at + 1, text.Length);
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return isClosed && (at == text.Length || text[at] == ',') ? value.ToString() : throw new ImageDataException(
            path, "a quotation mark has no other, or something stands behind it", "Quote a whole value, and double the marks in it.",
            entry: number);
    }

    private sealed record Line(string Image, string[] Classes, int Number);
}
