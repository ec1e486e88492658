using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace QuickStart;

/// <summary>Shows the rows and writes them to a file.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Prints the table, and what it shows.</summary>
    public static void Print(IReadOnlyList<Row> rows)
    {
        Table table = new Table().AddColumn("tuning");
        foreach (string title in new[] { "trained parameters", "% of backbone", "task file, bytes", "seconds", "test accuracy, %" })
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (Row row in rows)
        {
            table.AddRow(
                row.Scheme, Text($"{row.TrainedParameters:N0}"), Text($"{100.0 * row.TrainedParameters / row.BackboneParameters:F2}"),
                Text($"{row.TaskBytes:N0}"), Text($"{row.Seconds:F1}"), Text($"{100 * row.TestAccuracy:F1}"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(Text($"A backbone of {rows[0].BackboneParameters:N0} parameters; seed {rows[0].Seed}."));
        AnsiConsole.WriteLine(Finding.Of(rows));
    }

    /// <summary>Writes <c>{"rows": [{"scheme": …, "trained_parameters": …, …}]}</c>.</summary>
    public static void WriteJson(string path, IReadOnlyList<Row> rows) =>
        Files.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new { Rows = rows }, Json));

    private static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
}
