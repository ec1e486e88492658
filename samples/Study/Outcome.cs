using System.Globalization;
using VptDsl.Programs;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>What came out for a protocol on a share of a task's images.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Task">The task.</param>
/// <param name="Model">What its class says of its parameters.</param>
/// <param name="Report">Its trials and final runs.</param>
internal sealed record Outcome(Protocol Protocol, StudyTask Task, ModelDescription Model, SweepReport Report)
{
    /// <summary>Mean test accuracy in percent.</summary>
    public double Accuracy => 100 * Report.Mean;

    /// <summary>Its standard deviation over the seeds, in percent.</summary>
    public double Deviation => 100 * Report.StandardDeviation;

    /// <summary>The accuracy, with its deviation where there is more than one seed to deviate.</summary>
    public string AccuracyText => Report.Finals.Length > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Accuracy:F1} ± {Deviation:F1}")
        : string.Create(CultureInfo.InvariantCulture, $"{Accuracy:F1}");

    /// <summary>What a task keeps beside the shared backbone: what it trained, and the running statistics that it measured.</summary>
    public long TaskBytes => sizeof(float) * (Model.TrainedFloats + Model.MeasuredFloats);

    /// <summary>Parameters of the backbone, trained or not.</summary>
    public long BackboneParameters =>
        Model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Backbone).Sum(parameter => parameter.Count);

    /// <summary>Trained parameters, in backbones.</summary>
    public double Trained => (double)Model.TrainedFloats / BackboneParameters;

    /// <summary>
    /// All that 24 tasks need, in backbones, as the paper's main table counts: one backbone for all, if any of it is frozen, and what each
    /// task trains.
    /// </summary>
    public double TotalForPaper => (IsBackboneShared ? 1 : 0) + (24 * Trained);

    /// <summary>The learning rate that did best on the validation images.</summary>
    public double Rate => Report.Best.LearningRate;

    /// <summary>The weight decay that did best with it.</summary>
    public double WeightDecay => Report.Best.WeightDecay;

    /// <summary>Whether the rate is the lowest or highest of those tried, so that a better one may lie beyond.</summary>
    public bool IsRateAtEdge =>
        Report.Trials.Length > 1
        && (Rate == Report.Trials.Min(trial => trial.LearningRate) || Rate == Report.Trials.Max(trial => trial.LearningRate));

    private bool IsBackboneShared => Model.Parameters.Any(parameter => parameter is { Kind: ParameterKind.Backbone, Trained: false });
}
