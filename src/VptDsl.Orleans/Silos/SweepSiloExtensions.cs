using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using VptDsl.Orleans.Silos;

namespace VptDsl.Orleans;

/// <summary>Makes silos that train.</summary>
public static class SweepSiloExtensions
{
    /// <summary>
    /// Lets a silo keep sweeps and make their runs. A host that ends waits for as long as it takes to save them
    /// (<see cref="HostOptions.ShutdownTimeout"/>), unless the program sets another time after this.
    /// </summary>
    /// <param name="silo">The silo, which needs a table of members, and a grain storage named <c>vptdsl-sweeps</c>: both come with
    /// <see cref="ClusterExtensions.UseVptCluster(ISiloBuilder, ClusterSettings, SiloEndpoint?)"/>, or are any that Orleans has.</param>
    /// <param name="opener">Makes of a sweep's text what is trained.</param>
    /// <param name="configure">Sets the number of workers, their devices and times.</param>
    public static ISiloBuilder AddVptSweeps(this ISiloBuilder silo, ISweepOpener opener, Action<SweepSiloOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(opener);
        var chosen = new SweepSiloOptions();
        configure?.Invoke(chosen);
        if (chosen.Workers < 0)
            throw new ArgumentOutOfRangeException(nameof(configure), chosen.Workers, "Workers must be 0 or more.");
        if (chosen.DeadAfter < TimeSpan.FromSeconds(1) || chosen.AskEvery <= TimeSpan.Zero)
            throw new ArgumentException($"{chosen}: DeadAfter must be at least a second, and AskEvery above 0.", nameof(configure));
        silo.Services.Configure<SweepSiloOptions>(options => configure?.Invoke(options));
        // A run is left between two steps, and nobody knows how long a step takes.
        silo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        BoundedEnd.OfSilo(silo.Services);
        silo.Services.Configure<SiloOptions>(options => options.SiloName = VersionGuard.NameOf(chosen.Version));
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<SweepSiloOptions>>(
            (options, sweeps) => Watch(options, sweeps.Value.DeadAfter));
        // Who waits for a silo that is gone waits not much longer than it takes to notice that.
        silo.Services.AddOptions<SiloMessagingOptions>().Configure<IOptions<SweepSiloOptions>>(
            (options, sweeps) => options.ResponseTimeout = options.SystemResponseTimeout = SweepSilo.Patience(sweeps.Value.DeadAfter));
        silo.Services.AddSingleton(opener);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, VersionGuard>();
        silo.Services.AddHostedService<SweepWorkers>();
        return silo;
    }

    private static void Watch(ClusterMembershipOptions options, TimeSpan deadAfter)
    {
        options.ProbeTimeout = deadAfter / options.NumMissedProbesLimit;
        options.TableRefreshTimeout = deadAfter;
        options.IAmAliveTablePublishTimeout = deadAfter / options.NumMissedTableIAmAliveLimit;
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
