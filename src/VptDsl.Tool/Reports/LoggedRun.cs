using System.Globalization;
using System.Text.Json;

namespace VptDsl.Tool.Reports;

/// <summary>The numbers of a run, as its log has them.</summary>
internal sealed class LoggedRun
{
    private const string CsvHeader = "step,name,value";

    private const string Remedy = "give a file that 'vpt train --log' wrote, NAME.csv or NAME.jsonl.";

    private readonly Dictionary<string, List<LoggedPoint>> _values = new(StringComparer.Ordinal);

    private LoggedRun()
    {
    }

    /// <summary>Reads a log.</summary>
    /// <param name="path">What <c>CsvLog</c> or <c>JsonLinesLog</c> wrote; a last line that a crash cut off is passed over.</param>
    /// <exception cref="IOException">It is missing, or no such log.</exception>
    public static LoggedRun Read(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"{path} is a folder, as TensorBoard's logs are: {Remedy}");
        if (!File.Exists(path))
            throw new IOException($"{path}: there is no such file: {Remedy}");
        var run = new LoggedRun();
        string[] lines = [.. File.ReadAllText(path).Split('\n').Select(line => line.TrimEnd('\r'))];
        bool isCsv = lines[0] == CsvHeader;
        for (int i = isCsv ? 1 : 0; i < lines.Length; i++)
        {
            bool isRead = lines[i].Length == 0 || (isCsv ? run.TryAddCsv(lines[i]) : run.TryAddJson(lines[i]));
            if (!isRead && i < lines.Length - 1)
            {
                throw new IOException(
                    $"{path}: line {(i + 1).ToString(CultureInfo.InvariantCulture)} is no line of a run's log: {Remedy}");
            }
        }

        return run._values.Count > 0
            ? run
            : throw new IOException($"{path}: there is no number in it: {Remedy}");
    }

    /// <summary>The numbers of a name by their steps, in order; none where the log has no such name.</summary>
    /// <param name="name">For instance <c>train/loss</c>.</param>
    public IReadOnlyList<LoggedPoint> Of(string name) => [.. _values.GetValueOrDefault(name, []).OrderBy(point => point.Step)];

    private bool TryAddCsv(string line)
    {
        int first = line.IndexOf(',', StringComparison.Ordinal), last = line.LastIndexOf(',');
        if (first < 0 || last == first
            || !int.TryParse(line.AsSpan(0, first), NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            || !double.TryParse(line.AsSpan(last + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            return false;
        }

        string name = line[(first + 1)..last];
        Add(step, name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name, value);
        return true;
    }

    private bool TryAddJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("step", out JsonElement stated) || !stated.TryGetInt32(out int step))
            {
                return false;
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null && property.Name != "step")
                    Add(step, property.Name, property.Value.ValueKind == JsonValueKind.Null ? double.NaN : property.Value.GetDouble());
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Add(int step, string name, double value)
    {
        if (!_values.TryGetValue(name, out List<LoggedPoint>? points))
            _values[name] = points = [];
        points.Add(new(step, value));
    }
}

/// <summary>A number of a run.</summary>
/// <param name="Step">The updates that the run had made.</param>
/// <param name="Value">The number; NaN where it was none.</param>
internal readonly record struct LoggedPoint(int Step, double Value);
