using System.Collections.Immutable;
using Orleans.Concurrency;

namespace VptDsl.Orleans.Grains;

/// <summary>The one board of a cluster, on which sweeps are pinned and workers look for runs.</summary>
[Alias("VptDsl.ISweepBoardGrain")]
internal interface ISweepBoardGrain : IGrainWithIntegerKey
{
    /// <summary>Pins a sweep to the board and begins it, or goes on with it.</summary>
    /// <exception cref="InvalidOperationException">The order is of another version of the library.</exception>
    [Alias("Submit")]
    Task SubmitAsync(string key, SweepOrder order, string[] known);

    /// <summary>Gives a worker a run of the sweep that comes first.</summary>
    /// <returns>Null if there is none to make now.</returns>
    [Alias("Take"), AlwaysInterleave]
    Task<RunAssignment?> TakeAsync(string worker);

    /// <summary>Says that a worker is there, which has a run of some sweep.</summary>
    [Alias("Hear"), AlwaysInterleave]
    Task HearAsync(string worker);

    /// <summary>All sweeps, in the order in which they are served.</summary>
    [Alias("View"), AlwaysInterleave]
    Task<ImmutableArray<SweepView>> ViewAsync();
}
