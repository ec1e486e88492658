using System.Collections.Immutable;

namespace VptDsl.Training.Checkpoints;

/// <summary>
/// Where a run stands, apart from the numbers on the device: after how many steps of which epoch, and how it went until then.
/// </summary>
internal sealed record RunState
{
    /// <summary>The number of epochs that are complete.</summary>
    public int Epoch => Reports.Length;

    /// <summary>Steps done of the epoch under way.</summary>
    public int Step { get; init; }

    /// <summary>The mean over that epoch's images so far.</summary>
    public RunningMean Mean { get; init; }

    /// <summary>The seconds that epoch took so far.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>The seconds of the whole run so far.</summary>
    public double Seconds { get; init; }

    /// <summary>The epochs that are complete.</summary>
    public ImmutableArray<EpochReport> Reports { get; init; } = [];

    /// <summary>The number of the best epoch, from 1; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Whether patience ran out.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Whether the run is over; the trained parameters are then the ones to keep.</summary>
    public bool IsFinished { get; init; }
}
