using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>Silos of this process that make tiny sweeps.</summary>
internal sealed class TestCluster(ClusterSettings settings) : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    /// <summary>The grains, asked through the first silo.</summary>
    public IGrainFactory Grains => _hosts[0].Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a silo.</summary>
    public async Task<IHost> StartAsync(
        int workers = 1, ISweepOpener? opener = null, string? version = null, Func<int, Device>? openDevice = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo => silo
            .AddVptSweeps(opener ?? new TinySweep(), options =>
            {
                options.Workers = workers;
                options.OpenDevice = openDevice ?? (_ => Device.Cpu(threads: 1));
                options.AskEvery = TimeSpan.FromMilliseconds(50);
                options.Version = version ?? options.Version;
            })
            .UseVptCluster(settings));
        IHost host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        _hosts.Add(host);
        return host;
    }

    /// <summary>Ends a silo as its program does when it is told to.</summary>
    public async Task EndAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>What the cluster says of its sweeps. Whoever asks while a silo goes or is busy asks again.</summary>
    public async Task<ImmutableArray<SweepView>> ViewAsync()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await ClusterSweep.ViewAsync(Grains);
            }
            catch (Exception e) when (tries < 100 && e is TimeoutException or OrleansException or OperationCanceledException)
            {
                await Task.Delay(1000);
            }
        }
    }

    /// <summary>A sweep on this cluster.</summary>
    public ClusterSweep Sweep(
        Recipe recipe, string results, string text = TinySweep.Text, int priority = 0, Action<Trial>? completed = null) =>
        SweepOn(Grains, recipe, results, text, askEvery: 50, priority, completed);

    /// <summary>A sweep on any cluster.</summary>
    public static ClusterSweep SweepOn(
        IGrainFactory grains, Recipe recipe, string results, string text, int askEvery, int priority = 0, Action<Trial>? completed = null)
    {
        Device device = Device.Cpu(threads: 1);
        return new ClusterSweep(grains, recipe, text, new TinySweep().Open(text, recipe, device), results)
        {
            AskEvery = TimeSpan.FromMilliseconds(askEvery),
            CheckpointEverySteps = 2,
            Priority = priority,
            TrialCompleted = completed,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in Enumerable.Reverse(_hosts).ToArray())
            await EndAsync(host);
    }
}
