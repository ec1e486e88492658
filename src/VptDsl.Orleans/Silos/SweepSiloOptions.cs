using VptDsl.Common;

namespace VptDsl.Orleans;

/// <summary>How a silo takes part in sweeps.</summary>
public sealed class SweepSiloOptions
{
    /// <summary>How many runs it makes at a time, each on a device of its own; 0 for none, 1 unless set.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>Opens the device of a worker, which is told its number from 0. Unless set, the best there is.</summary>
    public Func<int, Device> OpenDevice { get; set; } = _ => Device.Auto();

    /// <summary>How long a worker may be silent before its run is given to another; 15 seconds unless set.</summary>
    /// <remarks>The same on all silos. A worker says five times in this time that it is alive.</remarks>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a worker waits before it asks for a run again, where there was none; a second unless set.</summary>
    public TimeSpan AskEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the cluster is asked in vain before that is said; half a minute, but in tests.</summary>
    internal TimeSpan WarnAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The version that this silo says it has; its library's, but in tests.</summary>
    internal string Version { get; set; } = LibraryVersion.Text;

    /// <summary>How many runs at a time, and when a silent worker is given up.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Workers} runs at a time, given up after {DeadAfter.TotalSeconds} s of silence");
}
