using System.Globalization;
using System.Runtime.CompilerServices;
using VptDsl.Parallel.Tests.Simulation;
using VptDsl.Training.Parallel;

namespace VptDsl.Parallel.Tests;

/// <summary>
/// The library's own dealing out of shards, among simulated workers who die, stall and come back: no shard is ever missing, and steps take
/// the time that docs/parallel-training.md says.
/// </summary>
public sealed class ScaleTests
{
    private const int Runs = 40, Steps = 2500, SavedEvery = 100;

    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000];

    // 256 images of ViT-B/16 with 50 deep prompts on two cores, as a note of docs/benchmarks.md has it: 8 images in 2.39 seconds.
    private static readonly ClusterCosts OfCpus = new()
    {
        StepSeconds = 256 / 8.0 * 2.39,
        GradientBytes = 4 * 539_238,
        BytesPerSecond = 1.25e9,
        LeaderSecondsEach = 0.006,
        FailuresPerHour = 0.01,
        StalledShare = 0.1,
        StallTimeout = 60,
        BackAfter = 120,
    };

    public static TheoryData<int, double> Clusters()
    {
        var clusters = new TheoryData<int, double>();
        foreach (int workers in Sizes)
        {
            foreach (double failures in new[] { 0, 0.01, 0.1 })
                clusters.Add(workers, failures);
        }

        return clusters;
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void Steps_take_what_the_model_says_whoever_fails(int workers, double failuresPerHour)
    {
        ClusterCosts costs = OfCpus with { FailuresPerHour = failuresPerHour };

        int steps = workers switch { > 512 => 1000, > 128 => 3000, _ => 20_000 };
        (double mean, int failures) = Simulate(costs, workers, steps, seed: workers);

        Assert.Equal(1, mean / costs.MeanStep(workers), 0.05);
        Assert.True(failures > 0 || workers < 8 || failuresPerHour < 0.1, "nothing ever failed");
    }

    [Fact]
    public void The_same_seed_fails_alike()
    {
        ClusterCosts costs = OfCpus with { FailuresPerHour = 1 };

        Assert.Equal(Simulate(costs, 50, 300, seed: 1), Simulate(costs, 50, 300, seed: 1));
        Assert.NotEqual(Simulate(costs, 50, 300, seed: 1), Simulate(costs, 50, 300, seed: 2));
    }

    [Fact]
    public void The_page_has_the_models_table()
    {
        string page = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "parallel-training.md");
        string text = File.ReadAllText(page).ReplaceLineEndings("\n"), table = Table();
        if (!text.Contains(table, StringComparison.Ordinal) && Environment.GetEnvironmentVariable("VPTDSL_ACCEPT") == "1")
        {
            const string head = "| Workers |";
            int first = text.IndexOf(head, StringComparison.Ordinal), end = text.IndexOf("\n\n", first, StringComparison.Ordinal);
            File.WriteAllText(page, text[..first] + table + text[end..]);
            return;
        }

        Assert.Contains(table, text, StringComparison.Ordinal);
    }

    private static string Table()
    {
        ClusterCosts slow = OfCpus with { BytesPerSecond = 1.25e8 }, frail = OfCpus with { FailuresPerHour = 0.1 };
        ClusterCosts quick = OfCpus with { StepSeconds = 1 };
        IEnumerable<string> rows = Sizes.Select(workers => string.Create(
            CultureInfo.InvariantCulture,
            $"| {workers:N0} | {Cell(OfCpus, workers)} | {Cell(slow, workers)} | {Cell(frail, workers)} | {Cell(quick, workers)} "
                + $"| {Runs * Steps * OfCpus.MeanStep(workers) / 3600:N0} | {OfCpus.SweepHours(workers, Runs, Steps, SavedEvery):N0} |"));
        return string.Join('\n', [
            "| Workers | 76 s, 10 Gbit/s | 76 s, 1 Gbit/s | 76 s, 0.1 failures an hour | 1 s, 10 Gbit/s "
                + "| sweep, runs in turn | sweep, side by side |",
            "|---|---|---|---|---|---|---|",
            .. rows,
        ]);
    }

    private static string Cell(ClusterCosts costs, int workers) => string.Create(
        CultureInfo.InvariantCulture,
        $"{costs.MeanStep(workers):0.00} s ({costs.MeanStep(1) / costs.MeanStep(workers):0.0}×)");

    private static (double MeanStep, int Failures) Simulate(ClusterCosts costs, int workers, int steps, int seed)
    {
        var cluster = new SimulatedCluster(costs, workers, seed);
        using var program = new NumberlessProgram();
        using var crew = new Crew(program, cluster.Compute, cluster, _ => { }, CancellationToken.None);
        for (int step = 0; step < steps; step++)
        {
            IReadOnlyList<ShardResult> results = crew.Train(0, step, workers);
            bool isWhole = results.Count == workers && results.Index().All(entry => entry.Item.Shard == entry.Index);
            Assert.True(isWhole && results.All(result => result.Scores[0].Correct == step), "a shard is missing, or another step's");
        }

        return (cluster.Now / steps, cluster.Failures);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
