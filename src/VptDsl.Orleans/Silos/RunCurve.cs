using System.Collections.Immutable;
using VptDsl.Orleans.Grains;
using VptDsl.Training;

namespace VptDsl.Orleans.Silos;

/// <summary>The accuracies of a run's epochs: added to by the thread that trains, read by the one that tells of them.</summary>
internal sealed class RunCurve
{
    private ImmutableArray<double> _accuracies = [];

    /// <summary>What is told of it now.</summary>
    public RunProgress Now => new(_accuracies);

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochReport report) => ImmutableInterlocked.Update(
        ref _accuracies, accuracies => accuracies.Add(report.ValidationAccuracy ?? report.TrainAccuracy));
}
