namespace VptDsl.Orleans.Grains;

/// <summary>The sweeps of a cluster that are not over.</summary>
[GenerateSerializer, Alias("VptDsl.SweepBoardState")]
internal sealed class SweepBoardState
{
    [Id(0)]
    public List<PinnedSweep> Sweeps { get; set; } = [];
}

/// <summary>A sweep on the board.</summary>
[GenerateSerializer, Alias("VptDsl.PinnedSweep")]
internal sealed class PinnedSweep
{
    [Id(0)]
    public string Key { get; set; } = "";

    [Id(1)]
    public int Priority { get; set; }
}
