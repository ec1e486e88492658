using System.Collections.Immutable;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects who looks at a cluster: what cannot be asked just now hides nothing else, and is asked again.</summary>
public sealed class FollowTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-follow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Who_follows_a_cluster_goes_on_when_a_silo_goes()
    {
        int asked = 0;
        IGrainFactory grains = FakeGrains.Of(
            (_, _) => ++asked % 2 == 1
                ? Task.FromException<ImmutableArray<SweepView>>(new TimeoutException("The silo has gone."))
                : Task.FromResult(ImmutableArray<SweepView>.Empty),
            (_, _) => null);
        int told = 0;
        await foreach (ImmutableArray<SweepView> sweeps in ClusterSweep.FollowAsync(grains, TimeSpan.FromMilliseconds(1)))
        {
            Assert.Empty(sweeps);
            if (++told == 3)
                break;
        }

        Assert.Equal(6, asked);
    }

    [Fact]
    public async Task A_sweep_that_cannot_be_asked_hides_no_other()
    {
        var settings = new ClusterSettings { Store = ClusterStore.Embedded, Folder = PathOf("store") };
        await using (var cluster = new TestCluster(settings))
        {
            await cluster.StartAsync();
            await cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync();
            await cluster.Sweep(TinySweep.Recipe, PathOf("b.jsonl")).RunAsync();
            Assert.Equal(2, (await cluster.ViewAsync()).Length);
        }

        File.WriteAllText(Directory.GetFiles(PathOf("store/sweeps"), "sweep-*")[0], "{");
        await using var again = new TestCluster(settings);
        await again.StartAsync();

        Assert.Single(await again.ViewAsync());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
