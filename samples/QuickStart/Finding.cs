using System.Globalization;

namespace QuickStart;

/// <summary>Says in one sentence what a comparison shows.</summary>
internal static class Finding
{
    /// <summary>The sentence: the best of the prompt schemes against the linear head and against full tuning.</summary>
    /// <param name="rows">The comparison, with the linear head first and full tuning last.</param>
    public static string Of(IReadOnlyList<Row> rows)
    {
        (Row linear, Row full) = (rows[0], rows[^1]);
        Row best = rows.Skip(1).SkipLast(1).MaxBy(row => row.TestAccuracy)!;
        double share = 100.0 * best.TaskBytes / full.TaskBytes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The best prompts ({best.Scheme}) read {Percent(best):F1} % of the digits, {Difference(best, linear)} the linear head and "
            + $"{Difference(best, full)} full tuning, and the task file takes {share:F1} % of its bytes.");
    }

    private static string Difference(Row row, Row other) => (Percent(row) - Percent(other)) switch
    {
        > 0 and var more => string.Create(CultureInfo.InvariantCulture, $"{more:F1} points more than"),
        < 0 and var less => string.Create(CultureInfo.InvariantCulture, $"{-less:F1} points less than"),
        _ => "as many as",
    };

    private static double Percent(Row row) => Math.Round(100 * row.TestAccuracy, 1);
}
