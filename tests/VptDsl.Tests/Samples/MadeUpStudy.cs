using Study;
using VptDsl.Programs;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Samples;

/// <summary>A study's results as none came out, on a backbone of 10,000 parameters.</summary>
internal static class MadeUpStudy
{
    private static readonly Recipe Recipe = new() { Name = "made-up", LearningRates = [0.1, 1, 10], BatchSize = 16 };

    /// <summary>Results of every method on every task.</summary>
    /// <param name="accuracy">That of a method on a task, in percent; the seeds lie a point to either side.</param>
    public static StudyResults Of(Func<string, StudyTask, double> accuracy) => new()
    {
        Methods = [.. PaperTable.Rows.Select(row => MethodOf(row.Method, task => accuracy(row.Method, task)))],
        Curves = [],
        Embeddings = [],
    };

    private static Method MethodOf(string name, Func<StudyTask, double> accuracy)
    {
        var protocol = new Protocol(name, (_, _, _) => throw new NotSupportedException(), batch => 1_000_000 * batch, Recipe);
        return new Method(
            [.. StudyTask.All.Select(task => new Outcome(protocol, task, ModelOf(name), ReportOf(accuracy(task))))],
            new RunCost(PeakBytes: 150_000_000, Seconds: 12.5));
    }

    private static SweepReport ReportOf(double accuracy)
    {
        Trial[] trials = [.. Recipe.LearningRates.Select(rate => new Trial { LearningRate = rate, WeightDecay = 0.01 })];
        return new SweepReport
        {
            Trials = [.. trials],
            Best = trials[accuracy > 80 ? 2 : 1],
            Finals =
            [
                .. new[] { -1, 0, 1 }.Select((points, seed) =>
                    new FinalRun { Seed = seed, TestAccuracy = (accuracy + points) / 100, TrainLosses = [1, 0.5] }),
            ],
        };
    }

    private static ModelDescription ModelOf(string method) => new()
    {
        Name = method,
        Declaration = method,
        Channels = 1,
        ImageSize = 28,
        Classes = StudyTask.Classes,
        Parameters =
        [
            new("head", [10], ParameterKind.Head, Trained: true, Offset: 0, Initializer: default),
            new("first", [2_000], ParameterKind.Backbone, Trained: method is "Full" or "Partial-1" or "Bias", Offset: 10, default),
            new("second", [8_000], ParameterKind.Backbone, Trained: method == "Full", Offset: 2_010, default),
            .. Added(method).Select(added => new ParameterDescription("added", [added.Count], added.Kind, true, Offset: 10, default)),
        ],
    };

    private static (ParameterKind Kind, int Count)[] Added(string method) => method switch
    {
        "Sidetune" or "Adapter" => [(ParameterKind.AddedNetwork, 300)],
        "VPT-shallow" => [(ParameterKind.Prompt, 20)],
        "VPT-deep" => [(ParameterKind.Prompt, 80)],
        _ => [],
    };
}
