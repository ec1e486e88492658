using System.Text;

namespace VptDsl.Training.Recipes;

/// <summary>
/// The results file of a sweep: a line of JSON for the sweep itself, then one for each run, appended when the run has ended.
/// </summary>
/// <remarks>A line that a crash cut off is the last one and has no end: it is dropped, and its run is made again.</remarks>
internal sealed class SweepResults
{
    private const string Beginning = "{\"sweep\":";

    private const char ByteOrderMark = '\uFEFF';

    private readonly string _path;

    private SweepResults(string path) => _path = path;

    /// <summary>Opens the file of a sweep, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sweep">What the sweep is; a file of another is refused.</param>
    /// <exception cref="IOException">
    /// The file cannot be read or written, is damaged, or is another sweep's or none; it is as it was.
    /// </exception>
    public static SweepResults Open(string path, string sweep)
    {
        var results = new SweepResults(path);
        byte[] content = File.Exists(path) ? File.ReadAllBytes(path) : [];
        int end = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        string text = Encoding.UTF8.GetString(content, 0, end).TrimStart(ByteOrderMark);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = new SweepLine { Sweep = sweep };
        if (lines is [var line, ..] ? !line.StartsWith(Beginning, StringComparison.Ordinal) : !Bytes(header).AsSpan().StartsWith(content))
            throw new IOException($"{path} is there already and holds no results of this sweep: name another file, or delete this one.");
        SweepLine[] parsed = [.. lines.Select((line, i) => results.Parse(line, i + 1))];
        if (parsed is [var first, ..] && first.Sweep != sweep)
        {
            throw new IOException(
                $"{path}: the results belong to another sweep: {first.Sweep ?? "unknown"}; this one is {sweep}. "
                + "Give each sweep a file of its own, or delete this one to begin anew.");
        }

        foreach (SweepLine found in parsed)
            results.Found.Add(found);
        // Only now: what is cut off is the piece of a line of this sweep, and not the end of somebody's file.
        if (end < content.Length)
            results.CutOff(end);
        if (parsed.Length == 0)
            results.Append(header);
        return results;
    }

    /// <summary>The results in it.</summary>
    public SweepFindings Found { get; } = new();

    /// <summary>Notes the result of a run.</summary>
    public void Add(SweepLine line) => Append(line);

    private void Append(SweepLine line)
    {
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write(Bytes(line));
            file.Flush(flushToDisk: true);
        }

        Found.Add(line);
    }

    private void CutOff(int length)
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Write);
        file.SetLength(length);
    }

    private static byte[] Bytes(SweepLine line) => Encoding.UTF8.GetBytes($"{line}\n");

    private SweepLine Parse(string line, int number) => SweepLine.TryParse(line) ?? throw new IOException(
        $"{_path}, line {number}: this is no result of a sweep. Take the line out, or delete the file to begin anew.");
}
