using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Clustering.Redis;
using Orleans.Persistence.Redis;
using StackExchange.Redis;
using VptDsl.Orleans;
using VptDsl.Tool.Commands;

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

    /// <summary>Whether a host's silo is a member of its cluster: what fails then is something else.</summary>
    public static bool HasJoined(IHost host) =>
        host.Services.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active;

    /// <summary>What to say where the silo could not join: its store does not answer, or its ports are taken; else null.</summary>
    public string? WhyItCannotJoin(Exception e) => e switch
    {
        _ when Listening.Reason(e) is { } reason =>
            $"The silo cannot listen at {Place}: {reason}. Give --port and --gateway-port ports that are free, or leave them out, and "
            + $"--address an address of this machine; {Listening.AboutPorts}",
        RedisException or RedisClusteringException or RedisStorageException or DbException or TimeoutException =>
            $"The silo cannot join the cluster {Cluster}: {e.Message.TrimEnd('.')}. Look whether {Cluster.Store} is up, and whether its "
            + "address, user and password are those of the settings (docs/cluster.md).",
        _ => null,
    };

    /// <summary>What was asked for of where it listens.</summary>
    private string Place
    {
        get
        {
            SiloEndpoint place = Endpoint ?? new SiloEndpoint();
            string[] stated =
            [
                .. place.Address is { } address ? [$"--address {address}"] : (string[])[],
                .. place.Port > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--port {place.Port}")] : (string[])[],
                .. place.GatewayPort > 0
                    ? [string.Create(CultureInfo.InvariantCulture, $"--gateway-port {place.GatewayPort}")]
                    : (string[])[],
            ];
            return stated.Length > 0 ? string.Join(", ", stated) : "free ports";
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
