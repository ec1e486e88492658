namespace VptDsl.Orleans.Silos;

/// <summary>What the parts of a silo agree on.</summary>
internal static class SweepSilo
{
    /// <summary>The name under which sweeps are stored.</summary>
    public const string Store = "vptdsl-sweeps";
}
