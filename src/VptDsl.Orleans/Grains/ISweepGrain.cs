using System.Collections.Immutable;

namespace VptDsl.Orleans.Grains;

/// <summary>A sweep: which runs there are, who makes them, and what they gave. Everything but curves is durable.</summary>
[Alias("VptDsl.ISweepGrain")]
internal interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Begins the sweep, or goes on with it.</summary>
    /// <param name="order">The sweep.</param>
    /// <param name="known">Results that are there already, as lines of a results file.</param>
    [Alias("Start")]
    Task StartAsync(SweepOrder order, string[] known);

    /// <summary>Gives a run to a worker.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="silos">The silos that are there; none if that is not known.</param>
    [Alias("Take")]
    Task<RunOffer> TakeAsync(string worker, ImmutableArray<string> silos);

    /// <summary>Says that a worker is alive.</summary>
    /// <returns>Whether the run is still its own; if not, it is to be left.</returns>
    [Alias("Renew")]
    Task<bool> RenewAsync(RunLease lease, RunProgress progress);

    /// <summary>Notes a result.</summary>
    /// <param name="lease">The run.</param>
    /// <param name="line">The result as a line of a results file.</param>
    /// <param name="progress">Its curve.</param>
    /// <returns>Whether it is noted. It is not where the sweep is unknown: its store was lost, or somebody forgot it.</returns>
    [Alias("Complete")]
    Task<bool> CompleteAsync(RunLease lease, string line, RunProgress progress);

    /// <summary>Notes that a run could not be made: somebody else tries.</summary>
    [Alias("Fail")]
    Task FailAsync(RunLease lease, string problem);

    /// <summary>Gives a run back that was saved in mid-run.</summary>
    /// <returns>Whether somebody may go on from where it was saved; if not, that can be deleted.</returns>
    [Alias("Release")]
    Task<bool> ReleaseAsync(RunLease lease);

    /// <summary>Stops the sweep; it can go on later.</summary>
    [Alias("Stop")]
    Task StopAsync();

    /// <summary>Notes that somebody has the results: the next time the sweep is started it begins anew.</summary>
    [Alias("Collect")]
    Task CollectAsync();

    /// <summary>Forgets the sweep, unless it runs or nobody has taken its results since its end.</summary>
    /// <returns>Whether it is forgotten.</returns>
    [Alias("Forget")]
    Task<bool> ForgetAsync();

    /// <summary>Tells how far the sweep is.</summary>
    /// <param name="known">How many results the asker has.</param>
    [Alias("View")]
    Task<SweepView?> ViewAsync(int known);
}
