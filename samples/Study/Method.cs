using System.Collections.Immutable;
using VptDsl.Programs;

namespace Study;

/// <summary>A row of the main table.</summary>
/// <param name="Outcomes">What came out, on each task.</param>
/// <param name="Cost">What a run of it takes.</param>
internal sealed record Method(ImmutableArray<Outcome> Outcomes, RunCost Cost)
{
    /// <summary>What it is called.</summary>
    public string Name => Protocol.Name;

    /// <summary>How it tunes.</summary>
    public Protocol Protocol => Outcomes[0].Protocol;

    /// <summary>What its class says of its parameters.</summary>
    public ModelDescription Model => Outcomes[0].Model;

    /// <summary>Mean test accuracy over tasks and seeds, in percent.</summary>
    public double Accuracy => Outcomes.Average(outcome => outcome.Accuracy);

    /// <summary>The standard deviation over seeds of the mean over tasks, in percent.</summary>
    public double Deviation
    {
        get
        {
            double[] means =
            [
                .. Outcomes.SelectMany(outcome => outcome.Report.Finals)
                    .GroupBy(run => run.Seed, run => 100 * run.TestAccuracy)
                    .Select(seed => seed.Average()),
            ];
            return Math.Sqrt(means.Average(mean => Math.Pow(mean - means.Average(), 2)));
        }
    }

    /// <summary>What it tunes beside the head: the input, by prompts; the backbone, its own parameters or networks put to it.</summary>
    public string Scope => string.Join(
        ", ",
        Model.Parameters.Where(parameter => parameter.Trained && parameter.Kind != ParameterKind.Head)
            .Select(parameter => parameter.Kind == ParameterKind.Prompt ? "input" : "backbone")
            .Distinct()
            .DefaultIfEmpty("–"));

    /// <summary>What came out on a task.</summary>
    public Outcome On(StudyTask task) => Outcomes.Single(outcome => outcome.Task == task);

    /// <summary>The tasks on which it is better than another, by mean accuracy.</summary>
    public int WinsOver(Method other) => Outcomes.Count(outcome => outcome.Accuracy > other.On(outcome.Task).Accuracy);
}
