using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VptDsl.Testing;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Protects a sweep from what happens to machines: silos are killed and started at random, the store is started anew in the middle, and
/// every run is in the results once, with the numbers of one machine.
/// </summary>
public abstract class KilledSilosTests(ClusterStore store) : IDisposable
{
    private const int Silos = 3, MostSeconds = 1200;

    private static readonly int Kills = TestTier.IsAll ? 5 : 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-killed-");
    private readonly List<SiloProcess> _silos = [];
    private readonly StringBuilder _said = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _silos.ForEach(silo => silo.Dispose());
        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task Forty_trials_end_as_on_one_machine()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Stores are started as Debian has them.");
        byte[] expected = LocalSweep.Run(TinySweep.Forty, PathOf("local.jsonl"));
        using StoreServer server = StoreServer.Start(store, _folder.FullName);
        string settings = server.Settings(deadAfterSeconds: 3);
        _silos.AddRange(await Task.WhenAll(Enumerable.Range(0, Silos).Select(
            _ => SiloProcess.StartReadyAsync(() => SiloProcess.Start(settings)))));
        using IHost client = await SiloProcess.ConnectAsync(settings);

        Task<SweepReport> sweep = TestCluster.SweepOn(
            client.Services.GetRequiredService<IGrainFactory>(), TinySweep.Forty, PathOf("cluster.jsonl"), TinySweep.Slow, askEvery: 100)
            .RunAsync();
        var random = new Random(store.ToString().Length);
        for (int kills = 0; kills < Kills && !sweep.IsCompleted; kills++)
        {
            await Task.Delay(random.Next(500, 1500));
            if (kills == Kills / 2)
                server.Restart();
            Replace(random.Next(Silos), settings);
        }

        // As whoever looks after silos does: one that was taken for dead ends itself.
        for (int seconds = 0; !sweep.IsCompleted && seconds < MostSeconds; seconds++)
        {
            await Task.WhenAny(sweep, Task.Delay(1000));
            for (int silo = 0; silo < Silos; silo++)
            {
                if (_silos[silo].HasEnded)
                    Replace(silo, settings);
            }
        }

        Assert.True(sweep.IsCompleted, $"the sweep does not end: {_said}");
        await sweep;
        Assert.Equal(expected, File.ReadAllBytes(PathOf("cluster.jsonl")));
        await client.StopAsync();

        // A silo that was given up and is alive writes on until it hears of it, or ends: what it leaves goes with the next sweep.
        _silos.ForEach(silo => silo.Dispose());
        _silos.Clear();
        LocalSweep.Run(TinySweep.Forty, PathOf("cluster.jsonl"));
        Assert.Empty(_folder.EnumerateFiles("*checkpoint*").Select(file => file.Name));
    }

    private void Replace(int silo, string settings)
    {
        _silos[silo].Dispose();
        _said.AppendLine(_silos[silo].Errors);
        _silos[silo] = SiloProcess.Start(settings);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}

/// <summary>With a folder as the store.</summary>
public sealed class KilledSilosInFolderTests() : KilledSilosTests(ClusterStore.Folder);

/// <summary>With Redis as the store.</summary>
public sealed class KilledSilosInRedisTests() : KilledSilosTests(ClusterStore.Redis);

/// <summary>With PostgreSQL as the store.</summary>
public sealed class KilledSilosInPostgreSqlTests() : KilledSilosTests(ClusterStore.PostgreSql);
