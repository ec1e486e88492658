using System.Collections.Immutable;
using VptDsl.Orleans.Grains;
using VptDsl.Training;

namespace VptDsl.Orleans.Silos;

/// <summary>How well a run's epochs do: added to by the thread that trains, read by the one that tells of them.</summary>
internal sealed class RunCurve
{
    private ImmutableArray<double> _scores = [];

    /// <summary>What is told of it now.</summary>
    public RunProgress Now => new(_scores);

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochReport report) => ImmutableInterlocked.Update(
        ref _scores, scores => scores.Add(report.Score ?? report.TrainAccuracy));
}
