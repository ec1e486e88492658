using System.Collections.Immutable;
using static System.FormattableString;

namespace Study.Report;

/// <summary>What the paper says of its methods, held against what came out here.</summary>
internal static class PaperComparison
{
    /// <summary>What the paper concludes of prompts, row by row.</summary>
    public static Table Claims(StudyResults results)
    {
        Method full = results.Of("Full"), linear = results.Of("Linear"), shallow = results.Of("VPT-shallow"), deep = results.Of("VPT-deep");
        ImmutableArray<StudyTask> tasks = [.. full.Outcomes.Select(outcome => outcome.Task)];
        int wins = deep.WinsOver(full);
        double share = 100 * deep.Outcomes[0].Trained;
        return new Table(
            ["claim", "paper", "here", "holds"],
            [
                .. tasks.Select(task => Descending(task, deep, shallow, linear)),
                .. tasks.Select(task => Difference(task, linear, deep)),
                .. tasks.Select(task => Difference(task, full, deep)),
                [
                    "tasks on which VPT-deep is better than Full", $"{PaperTable.DeepWins} of {PaperTable.Tasks}",
                    $"{wins} of {tasks.Length}", YesNo(2 * wins > tasks.Length),
                ],
                [
                    "what a task trains of VPT-deep, % of the backbone", $"under {PaperTable.DeepShare}", Invariant($"{share:F2}"),
                    YesNo(share < PaperTable.DeepShare),
                ],
            ]);
    }

    /// <summary>The place of each method among all, in the paper's table and here.</summary>
    public static Table Places(StudyResults results)
    {
        ImmutableArray<TaskOrder> orders = OrdersOf(results);
        return new Table(
            ["method", .. orders.SelectMany(order => (string[])[$"{order.Task.Kind}, paper", $"{order.Task.Name}, here"])],
            [
                .. results.Methods.Select((method, i) => (ImmutableArray<string>)
                [
                    method.Name,
                    .. orders.SelectMany(order => (string[])[$"{Ranking.Places(order.Paper)[i]}", $"{Ranking.Places(order.Here)[i]}"]),
                ]),
            ]);
    }

    /// <summary>How much the orders agree.</summary>
    public static Table Agreement(StudyResults results)
    {
        int pairs = results.Methods.Length * (results.Methods.Length - 1) / 2;
        return new Table(
            ["task", "Kendall’s τ", "pairs the other way round"],
            [
                .. OrdersOf(results).Select(order => (ImmutableArray<string>)
                [
                    $"{order.Task.Name} ({order.Task.Kind})", Invariant($"{Ranking.KendallTau(order.Paper, order.Here):0.00;−0.00}"),
                    $"{Ranking.Reversed(order.Paper, order.Here).Length} of {pairs}",
                ]),
            ]);
    }

    /// <summary>The pairs that the paper orders the other way, a paragraph a task.</summary>
    public static IEnumerable<Paragraph> Reversals(StudyResults results) => OrdersOf(results).Select(order =>
        new Paragraph($"{order.Task.Name}, better here and worse in the paper: {Describe(order, results.Methods)}."));

    private static ImmutableArray<TaskOrder> OrdersOf(StudyResults results) =>
    [
        .. results.Methods[0].Outcomes.Select(outcome => outcome.Task).Select(task => new TaskOrder(
            task,
            [.. results.Methods.Select(method => PaperTable.Of(method.Name).On(task.Kind))],
            [.. results.Methods.Select(method => method.On(task).Accuracy)])),
    ];

    private static ImmutableArray<string> Descending(StudyTask task, params ReadOnlySpan<Method> methods)
    {
        double[] paper = [.. methods.ToArray().Select(method => PaperTable.Of(method.Name).On(task.Kind))];
        double[] here = [.. methods.ToArray().Select(method => method.On(task).Accuracy)];
        bool holds = here.Zip(here.Skip(1)).All(pair => pair.First > pair.Second);
        string names = string.Join(" over ", methods.ToArray().Select(method => method.Name));
        return [$"{task.Name}: {names}", Join(paper), Join(here), YesNo(holds)];
    }

    private static ImmutableArray<string> Difference(StudyTask task, Method from, Method to)
    {
        double paper = PaperTable.Of(to.Name).On(task.Kind) - PaperTable.Of(from.Name).On(task.Kind);
        double here = to.On(task).Accuracy - from.On(task).Accuracy;
        return [$"{task.Name}: {from.Name} to {to.Name}, points", Points(paper), Points(here), YesNo(Math.Sign(paper) == Math.Sign(here))];
    }

    private static string Describe(TaskOrder order, ImmutableArray<Method> methods)
    {
        var betters = Ranking.Reversed(order.Paper, order.Here)
            .Select(pair => order.Here[pair.A] > order.Here[pair.B] ? (Better: pair.A, Worse: pair.B) : (Better: pair.B, Worse: pair.A))
            .GroupBy(pair => methods[pair.Better].Name, pair => methods[pair.Worse].Name)
            .Select(group => $"{group.Key} than {string.Join(", ", group)}");
        return string.Join("; ", betters.DefaultIfEmpty("none"));
    }

    private static string Join(IEnumerable<double> accuracies) => string.Join(", ", accuracies.Select(a => Invariant($"{a:F1}")));

    private static string Points(double difference) => Invariant($"{difference:+0.0;−0.0;0.0}");

    private static string YesNo(bool holds) => holds ? "yes" : "no";

    /// <summary>The accuracies of all methods on a task and in the paper on tasks of its kind.</summary>
    private sealed record TaskOrder(StudyTask Task, ImmutableArray<double> Paper, ImmutableArray<double> Here);
}
