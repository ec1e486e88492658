using System.Globalization;

namespace VptDsl.Training.Logs;

/// <summary>A log as a CSV file with the columns <c>step</c>, <c>name</c> and <c>value</c>, a line for each number.</summary>
/// <param name="path">The file; its directory must exist. One for each run.</param>
public sealed class CsvLog(string path) : LineLog(path)
{
    private const string Columns = "step,name,value";

    private protected override string? Header => Columns;

    private protected override string Beginning => Columns;

    private protected override IEnumerable<string> Lines(int step, IReadOnlyList<LoggedValue> values) =>
        values.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{step},{Quote(entry.Name)},{entry.Value:R}"));

    private protected override int? StepOf(string line) =>
        int.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int step) && line.Count(c => c == ',') >= 2
            ? step
            : null;

    // A line is a line to whoever reads on after a crash: a name has no line breaks.
    private static string Quote(string name)
    {
        string oneLine = name.ReplaceLineEndings(" ");
        return oneLine.AsSpan().IndexOfAny(',', '"') < 0 ? oneLine : $"\"{oneLine.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
