using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects what a sweep finds: a cluster makes the very runs that one machine makes, and says so in the same file.</summary>
public sealed class EmbeddedSweepTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-cluster-");
    private readonly TestCluster _cluster;

    public EmbeddedSweepTests() =>
        _cluster = new TestCluster(new ClusterSettings { Store = ClusterStore.Embedded, Folder = PathOf("store") });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(3, 2)]
    public async Task The_results_file_is_that_of_one_machine_to_the_byte(int workers, int? halving)
    {
        Recipe recipe = TinySweep.Recipe with { Halving = halving };
        byte[] expected = LocalSweep.Run(recipe, PathOf("local.jsonl"));
        await _cluster.StartAsync(workers);

        SweepReport report = await _cluster.Sweep(recipe, PathOf("cluster.jsonl")).RunAsync();

        Assert.Equal(expected, File.ReadAllBytes(PathOf("cluster.jsonl")));
        Assert.Equal(8, report.Trials.Length);
        Assert.Equal(2, report.Finals.Length);
        // Checkpoints and locks are gone.
        Assert.Equal(["cluster.jsonl", "local.jsonl"], Files());
    }

    [Fact]
    public async Task What_the_file_has_is_not_made_again_and_what_was_cut_off_is()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("half.jsonl"));
        File.WriteAllBytes(PathOf("half.jsonl"), expected[..(expected.Length / 2)]);
        await _cluster.StartAsync();
        int trials = 0;
        await _cluster.Sweep(TinySweep.Recipe, PathOf("half.jsonl"), completed: _ => trials++).RunAsync();

        Assert.Equal(expected, File.ReadAllBytes(PathOf("half.jsonl")));
        Assert.InRange(trials, 1, 7);
        // A sweep that is over has nothing to do.
        await _cluster.Sweep(TinySweep.Recipe, PathOf("half.jsonl")).RunAsync();
        Assert.Equal(expected, File.ReadAllBytes(PathOf("half.jsonl")));
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_no_more_than_its_time()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        File.WriteAllText(PathOf("cluster.jsonl.32-0.01.attempt-1.checkpoint"), "no checkpoint");
        File.WriteAllText(PathOf("cluster.jsonl.32-0.attempt-3.checkpoint"), "no checkpoint");
        await _cluster.StartAsync();

        await _cluster.Sweep(TinySweep.Recipe, PathOf("cluster.jsonl")).RunAsync();

        Assert.Equal(expected, File.ReadAllBytes(PathOf("cluster.jsonl")));
        Assert.Equal(["cluster.jsonl", "local.jsonl"], Files());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string[] Files() => [.. _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
}
