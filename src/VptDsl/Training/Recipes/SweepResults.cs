using System.Text;

namespace VptDsl.Training.Recipes;

/// <summary>
/// The results file of a sweep: a line of JSON for the sweep itself, then one for each run, appended when the run has ended.
/// </summary>
/// <remarks>A line that a crash cut off is the last one and has no end: it is dropped, and its run is made again.</remarks>
internal sealed class SweepResults
{
    private readonly string _path;

    private SweepResults(string path) => _path = path;

    /// <summary>Opens the file of a sweep, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sweep">What the sweep is; a file of another is refused.</param>
    /// <exception cref="IOException">The file cannot be read or written, is damaged, or is another sweep's.</exception>
    public static SweepResults Open(string path, string sweep)
    {
        var results = new SweepResults(path);
        string text = File.Exists(path) ? File.ReadAllText(path) : "";
        int end = text.LastIndexOf('\n') + 1;
        if (end < text.Length)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, end)));
        }

        string[] lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        SweepLine[] parsed = [.. lines.Select((line, i) => results.Parse(line, i + 1))];
        foreach (SweepLine line in parsed)
            results.Found.Add(line);
        if (parsed is [var first, ..] && first.Sweep != sweep)
        {
            throw new IOException(
                $"{path}: the results belong to another sweep: {first.Sweep ?? "unknown"}; this one is {sweep}. "
                + "Give each sweep a file of its own, or delete this one to begin anew.");
        }

        if (parsed.Length == 0)
            results.Append(new SweepLine { Sweep = sweep });
        return results;
    }

    /// <summary>The results in it.</summary>
    public SweepFindings Found { get; } = new();

    /// <summary>Notes the result of a run.</summary>
    public void Add(SweepLine line) => Append(line);

    private void Append(SweepLine line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{line}\n");
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        Found.Add(line);
    }

    private SweepLine Parse(string line, int number) => SweepLine.TryParse(line) ?? throw new IOException(
        $"{_path}, line {number}: this is no result of a sweep. Take the line out, or delete the file to begin anew.");
}
