namespace VptDsl.Orleans.Silos;

/// <summary>What the parts of a silo agree on.</summary>
internal static class SweepSilo
{
    /// <summary>The name under which sweeps are stored.</summary>
    public const string Store = "vptdsl-sweeps";

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer may take: of a machine that is busy, longer than of one that is gone.</summary>
    public static TimeSpan Patience(TimeSpan deadAfter) => deadAfter > Least ? deadAfter : Least;
}
