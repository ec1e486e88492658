using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VptDsl.Training.Recipes;

/// <summary>
/// The results file of a sweep: a line of JSON for the sweep itself, then one for each run, appended when the run has ended.
/// </summary>
/// <remarks>A line that a crash cut off is the last one and has no end: it is dropped, and its run is made again.</remarks>
internal sealed partial class SweepResults
{
    private readonly string _path;
    private readonly List<Line> _lines = [];

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
        for (int i = 0; i < lines.Length; i++)
            results._lines.Add(results.Parse(lines[i], i + 1));
        if (results._lines is [var first, ..] && first.Sweep != sweep)
        {
            throw new IOException(
                $"{path}: the results belong to another sweep: {first.Sweep ?? "unknown"}; this one is {sweep}. "
                + "Give each sweep a file of its own, or delete this one to begin anew.");
        }

        if (results._lines.Count == 0)
            results.Append(new Line { Sweep = sweep });
        return results;
    }

    /// <summary>The result of a trial; null if it was not made yet.</summary>
    public Trial? Find(double learningRate, double weightDecay) =>
        _lines.Select(line => line.Trial).FirstOrDefault(t => t?.LearningRate == learningRate && t.WeightDecay == weightDecay);

    /// <summary>The result of a final run; null if it was not made yet.</summary>
    public FinalRun? Find(int seed) => _lines.Select(line => line.Final).FirstOrDefault(run => run?.Seed == seed);

    /// <summary>Notes a trial.</summary>
    public void Add(Trial trial) => Append(new Line { Trial = trial });

    /// <summary>Notes a final run.</summary>
    public void Add(FinalRun run) => Append(new Line { Final = run });

    private void Append(Line line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, SweepLineContext.Default.Line) + "\n");
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        _lines.Add(line);
    }

    private Line Parse(string line, int number)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, SweepLineContext.Default.Line) is { } parsed
                && (parsed.Sweep ?? parsed.Trial ?? (object?)parsed.Final) is not null)
            {
                return parsed;
            }
        }
        catch (JsonException)
        {
            // Reported below, as is a line of something else.
        }

        throw new IOException(
            $"{_path}, line {number}: this is no result of a sweep. Take the line out, or delete the file to begin anew.");
    }

    private sealed record Line
    {
        public string? Sweep { get; init; }

        public Trial? Trial { get; init; }

        public FinalRun? Final { get; init; }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Line))]
    private sealed partial class SweepLineContext : JsonSerializerContext;
}
