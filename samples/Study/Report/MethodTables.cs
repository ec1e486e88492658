using System.Collections.Immutable;
using static System.FormattableString;

namespace Study.Report;

/// <summary>The methods on all tasks: what they are worth, in the layout of the paper's Table 1, and what they cost.</summary>
internal static class MethodTables
{
    /// <summary>Marks a rate that is the lowest or highest of those tried.</summary>
    public const string EdgeMark = "†";

    /// <summary>Stands for a peak of memory that the system does not tell.</summary>
    public const string NotTold = "–";

    /// <summary>What an accuracy's column is called.</summary>
    public static string Title(StudyTask task) => $"{task.Name} ({task.Kind}), %";

    /// <summary>Accuracies by group, with the tasks on which a method is better than full tuning in parentheses.</summary>
    public static Table Accuracies(StudyResults results)
    {
        Method full = results.Of("Full");
        ImmutableArray<string> groups = [.. results.Methods.Select(method => PaperTable.Of(method.Name).Group)];
        return new Table(
            [
                "group", "method", "scope", "total, ×", "trained parameters", "% of backbone",
                .. full.Outcomes.Select(outcome => Title(outcome.Task)), "mean, %",
            ],
            [.. results.Methods.Select((method, i) => Row(method, full, i > 0 && groups[i] == groups[i - 1] ? "" : groups[i]))],
            TextColumns: 3);
    }

    /// <summary>What a method takes, and the settings that did best.</summary>
    public static Table Costs(StudyResults results) => new(
        [
            "method", "task, bytes", "seconds", "peak memory, MB", "planned for a step, MB",
            .. results.Methods[0].Outcomes.Select(outcome => $"rate / decay, {outcome.Task.Name}"),
        ],
        [.. results.Methods.Select(Costs)]);

    private static ImmutableArray<string> Row(Method method, Method full, string group)
    {
        Outcome outcome = method.Outcomes[0];
        string wins = method == full ? "" : Invariant($" ({method.WinsOver(full)})");
        return
        [
            group, method.Name, method.Scope, Invariant($"{outcome.TotalForPaper:F2}"), Invariant($"{outcome.Model.TrainedFloats:N0}"),
            Invariant($"{100 * outcome.Trained:F2}"), .. method.Outcomes.Select(o => o.AccuracyText),
            Invariant($"{method.Accuracy:F1}{wins}"),
        ];
    }

    private static ImmutableArray<string> Costs(Method method) =>
    [
        method.Name, Invariant($"{method.Outcomes[0].TaskBytes:N0}"), Invariant($"{method.Cost.Seconds:F1}"),
        method.Cost.PeakBytes > 0 ? Invariant($"{method.Cost.PeakBytes / 1e6:F0}") : NotTold,
        Invariant($"{method.Protocol.StepBytes(method.Protocol.Recipe.BatchSize) / 1e6:F1}"),
        .. method.Outcomes.Select(Settings),
    ];

    /// <summary>Rate and weight decay, the rate with its mark where it lies at an edge.</summary>
    private static string Settings(Outcome outcome) =>
        Invariant($"{outcome.Rate}{(outcome.IsRateAtEdge ? EdgeMark : "")} / {outcome.WeightDecay}");
}
