using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Protects a sweep from a network that falls apart: what a silo makes while nobody sees it is in the results once, as others made it.
/// </summary>
public sealed class PartitionTests : IDisposable
{
    private const int Silos = 3, MostSeconds = 1200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-partition-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_is_cut_off_changes_no_result(bool comesBack)
    {
        using SplitNetwork network = SplitNetwork.Create(Silos);
        byte[] expected = LocalSweep.Run(TinySweep.Forty, PathOf("local.jsonl"));
        using StoreServer server = StoreServer.Start(ClusterStore.Redis, _folder.FullName, network.Host);
        string settings = server.Settings(deadAfterSeconds: 3);
        var silos = new List<SiloProcess>();
        try
        {
            silos.AddRange(await Task.WhenAll(Enumerable.Range(0, Silos).Select(
                machine => SiloProcess.StartReadyAsync(() => SiloProcess.Start(settings, network, machine)))));
            using IHost client = await SiloProcess.ConnectAsync(settings);

            var firstTrial = new TaskCompletionSource();
            Task<SweepReport> sweep = TestCluster.SweepOn(
                client.Services.GetRequiredService<IGrainFactory>(), TinySweep.Forty, PathOf("cluster.jsonl"), TinySweep.Slower,
                askEvery: 100, completed: _ => firstTrial.TrySetResult()).RunAsync();
            await Task.WhenAny(firstTrial.Task, sweep).WaitAsync(TimeSpan.FromSeconds(MostSeconds));
            network.Plug(0, isIn: false);
            await MissedAsync(client, network.Address(0));
            if (comesBack)
            {
                // Back among the others it learns that they gave it up, and ends.
                network.Plug(0, isIn: true);
                await silos[0].EndAsync();
            }

            for (int seconds = 0; !sweep.IsCompleted && seconds < MostSeconds; seconds++)
                await Task.WhenAny(sweep, Task.Delay(1000));

            Assert.True(sweep.IsCompleted, "the sweep does not end");
            await sweep;
            Assert.Equal(expected, File.ReadAllBytes(PathOf("cluster.jsonl")));
            await client.StopAsync();
        }
        finally
        {
            silos.ForEach(silo => silo.Dispose());
        }
    }

    /// <summary>Waits until the others have given a silo up.</summary>
    private static async Task MissedAsync(IHost client, string address)
    {
        IManagementGrain members = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        for (int seconds = 0; seconds < MostSeconds; seconds++)
        {
            try
            {
                Dictionary<SiloAddress, SiloStatus> silos = await members.GetHosts();
                if (silos.Any(silo => silo.Key.Endpoint.Address.ToString() == address && silo.Value == SiloStatus.Dead))
                    return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or OperationCanceledException)
            {
                // The grain was on that silo, or Orleans found none for it in time.
            }

            await Task.Delay(1000);
        }

        Assert.Fail("the silo that was cut off is not missed");
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
