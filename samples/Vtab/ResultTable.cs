using System.Globalization;
using System.Text;
using Study;
using VptDsl.Data;
using VptDsl.Training.Recipes;

namespace Vtab;

/// <summary>Test accuracies by method and task, and the means of VTAB's groups beside the paper's.</summary>
internal sealed class ResultTable
{
    private readonly Dictionary<(string Method, VtabTask Task), SweepReport> _reports = [];

    public void Add(string method, VtabTask task, SweepReport report) => _reports[(method, task)] = report;

    /// <summary>
    /// The table as Markdown. A group's mean is that of the tasks that are done, with their number where some are missing.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder(
            "| method | natural | paper | specialised | paper | structured | paper |\n|---|---|---|---|---|---|---|\n");
        foreach (PaperRow paper in PaperTable.Rows.Where(row => _reports.Keys.Any(key => key.Method == row.Method)))
        {
            string method = paper.Method;
            text.Append(CultureInfo.InvariantCulture, $"| {method} ");
            foreach (VtabGroup group in Enum.GetValues<VtabGroup>())
                text.Append(CultureInfo.InvariantCulture, $"| {Mean(method, group)} | {paper.On((TaskKind)group):F2} ");
            text.Append("|\n");
        }

        text.Append("\n| task | method | settings | test accuracy, % |\n|---|---|---|---|\n");
        foreach (((string method, VtabTask task), SweepReport report) in _reports.OrderBy(PlaceOf))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {task.Name} | {method} | rate {report.Best.LearningRate}, decay {report.Best.WeightDecay} | {Accuracy(report)} |\n");
        }

        return text.ToString();
    }

    /// <summary>As in the paper, whatever came first.</summary>
    private static (int Method, int Task) PlaceOf(KeyValuePair<(string Method, VtabTask Task), SweepReport> row) =>
        (PaperTable.Rows.IndexOf(PaperTable.Of(row.Key.Method)), VtabTask.All.IndexOf(row.Key.Task));

    private string Mean(string method, VtabGroup group)
    {
        double[] means = [.. _reports.Where(r => r.Key.Method == method && r.Key.Task.Group == group).Select(r => 100 * r.Value.Mean)];
        int tasks = VtabTask.All.Count(task => task.Group == group);
        return means.Length == 0 ? "–" : string.Create(
            CultureInfo.InvariantCulture, $"{means.Average():F2}{(means.Length < tasks ? $" ({means.Length} of {tasks})" : "")}");
    }

    private static string Accuracy(SweepReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * report.Mean:F2} ± {100 * report.StandardDeviation:F2}");
}
