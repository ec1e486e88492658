using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VptDsl.Orleans;

namespace VptDsl.Tool.Sweeps;

/// <summary>What a process needs to be a silo.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Device">The name of the device of its workers; null for the best.</param>
/// <param name="Threads">Threads of each worker on the CPU; 0 to share the cores out.</param>
/// <param name="Workers">Runs at a time.</param>
internal sealed record SiloHost(ClusterSettings Cluster, string? Device, int Threads, int Workers)
{
    /// <summary>Where it listens; null for free ports.</summary>
    public SiloEndpoint? Endpoint { get; init; }

    /// <summary>Makes a host a silo.</summary>
    public void AddTo(IHostApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Error)
            .AddFilter("VptDsl", Cluster.Store == ClusterStore.Embedded ? LogLevel.Warning : LogLevel.Information);
        builder.UseOrleans(silo => silo
            .AddVptSweeps(new SweepInputsOpener(), options =>
            {
                options.Workers = Workers;
                options.OpenDevice = _ => OpenDevice();
            })
            .UseVptCluster(Cluster, Endpoint));
    }

    /// <summary>Ends a host that wants to end, and throws what made it, if it was an error: a device that cannot be opened, say.</summary>
    public static async Task ThrowWhyItEndedAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        foreach (BackgroundService service in host.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } failed)
                await failed;
        }
    }

    private Device OpenDevice()
    {
        int threads = Threads > 0 ? Threads : Math.Max(1, Environment.ProcessorCount / Math.Max(1, Workers));
        if (Device == "cpu")
            return VptDsl.Device.Cpu(threads);
        Device best = DeviceOption.Open(Device);
        if (DeviceOption.HasKernels(best))
            return best;
        best.Dispose();
        return VptDsl.Device.Cpu(threads);
    }
}
