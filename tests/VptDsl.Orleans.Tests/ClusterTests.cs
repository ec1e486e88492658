using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VptDsl.Common;
using VptDsl.Orleans.Grains;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Protects what a cluster promises beside numbers: who may join, what comes first, what is said when something cannot be made.
/// </summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-cluster-");
    private readonly TestCluster _cluster;

    public ClusterTests() => _cluster = new TestCluster(new ClusterSettings { Folder = PathOf("store"), DeadAfterSeconds = 2 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_silo_of_an_older_version_is_refused_and_told_why()
    {
        await using TestCluster cluster = Patient();
        await cluster.StartAsync();

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => cluster.StartAsync(version: "0.0.9"));

        Assert.Contains("This silo has VptDsl 0.0.9, and the cluster's", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("all silos need the same version", refused.ToString(), StringComparison.Ordinal);
        await cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync();
    }

    [Fact]
    public async Task Clusters_of_other_names_share_a_folder_and_nothing_else()
    {
        await using TestCluster usual = Named("vptdsl"), one = Named("one/../1"), two = Named("two");
        await usual.StartAsync();
        await one.StartAsync();
        await two.StartAsync();

        await one.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync();

        Assert.Single(await one.ViewAsync());
        Assert.Empty(await two.ViewAsync());
        Assert.Empty(await usual.ViewAsync());
        // Where it was before clusters were told apart.
        Assert.True(File.Exists(PathOf("shared/members.json")));
        TestCluster Named(string name) =>
            new(new ClusterSettings { Folder = PathOf("shared"), Cluster = name, DeadAfterSeconds = 120 });
    }

    /// <summary>Protects a run whose step takes long: it is saved and given back, however long its silo's end takes.</summary>
    [Fact]
    public async Task A_silo_that_ends_waits_for_its_runs()
    {
        IHost silo = await _cluster.StartAsync(workers: 0);

        Assert.Equal(Timeout.InfiniteTimeSpan, silo.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task Silos_of_one_process_take_no_runs_from_each_other()
    {
        await using TestCluster cluster = Patient();
        await cluster.StartAsync();
        await cluster.StartAsync();

        await cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl"), TinySweep.Slow).RunAsync();

        Assert.All(Assert.Single(await cluster.ViewAsync()).Runs, run => Assert.Equal(1, run.Attempts));
    }

    /// <summary>
    /// Silos that begin at the same moment may have a board each. The one that goes may be the one that was told of a sweep, and the one
    /// that stays had read the store before.
    /// </summary>
    [Fact]
    public async Task A_sweep_that_another_board_was_told_of_is_served()
    {
        IHost silo = await _cluster.StartAsync(workers: 0);
        await _cluster.Grains.GetGrain<ISweepBoardGrain>(0).SubmitAsync(
            "told", OrderOf(TinySweep.Recipe) with { Version = LibraryVersion.Text }, []);
        await _cluster.EndAsync(silo);
        string board = Assert.Single(Directory.GetFiles(PathOf("store/sweeps"), "board-*"));
        File.Move(board, PathOf("told"));
        await _cluster.StartAsync();
        Assert.Empty(await _cluster.ViewAsync());

        File.Move(PathOf("told"), board);

        for (int seconds = 0; (await _cluster.ViewAsync()) is not [{ Runs.IsEmpty: false }] && seconds < 120; seconds++)
            await Task.Delay(1000);
        Assert.NotEmpty(Assert.Single(await _cluster.ViewAsync()).Runs);
    }

    [Fact]
    public async Task A_silo_that_can_make_no_run_does_not_end_the_sweep_of_those_that_can()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        await using TestCluster cluster = Patient();
        await cluster.StartAsync();
        await cluster.StartAsync(workers: 3, opener: new Refusing());

        // The silo that can is at the first for as long as it lasts; the other is offered the second too.
        Task<SweepReport> first = cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl"), TinySweep.Slower, priority: 1).RunAsync();
        await cluster.Sweep(TinySweep.Recipe, PathOf("b.jsonl"), TinySweep.Slow).RunAsync();
        await first;

        Assert.Equal(expected, File.ReadAllBytes(PathOf("a.jsonl")));
        Assert.Equal(expected, File.ReadAllBytes(PathOf("b.jsonl")));
    }

    [Fact]
    public async Task A_silo_whose_device_cannot_be_opened_ends()
    {
        var ended = new TaskCompletionSource();
        IHost silo = await _cluster.StartAsync(openDevice: _ => throw new IOException("No such driver."));
        silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(ended.SetResult);

        await ended.Task.WaitAsync(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_sweep_whose_store_is_lost_goes_on_from_its_files()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        await _cluster.StartAsync(workers: 2);
        var begun = new TaskCompletionSource();
        Task<SweepReport> sweep = _cluster.Sweep(
            TinySweep.Recipe, PathOf("a.jsonl"), TinySweep.Slower, completed: _ => begun.TrySetResult()).RunAsync();
        await begun.Task;
        foreach (string file in Directory.GetFiles(PathOf("store/sweeps")).Where(file => Path.GetFileName(file) != "lock"))
            File.Delete(file);

        await sweep;

        Assert.Equal(expected, File.ReadAllBytes(PathOf("a.jsonl")));
        await NoCheckpointsAsync();
    }

    [Fact]
    public async Task Results_that_nobody_has_taken_stay()
    {
        await using TestCluster cluster = Patient();
        await cluster.StartAsync();
        ISweepGrain sweep = cluster.Grains.GetGrain<ISweepGrain>("lonely");
        await sweep.StartAsync(OrderOf(TinySweep.Recipe), []);
        Assert.False(await sweep.ForgetAsync());
        LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        await sweep.StartAsync(OrderOf(TinySweep.Recipe), File.ReadAllLines(PathOf("local.jsonl")));

        Assert.False(await sweep.ForgetAsync());
        await sweep.CollectAsync();
        Assert.True(await sweep.ForgetAsync());
    }

    [Fact]
    public async Task A_stopped_sweep_goes_on_where_it_was()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        await _cluster.StartAsync();
        using var stop = new CancellationTokenSource();
        ClusterSweep stopped = _cluster.Sweep(
            TinySweep.Recipe, PathOf("a.jsonl"), TinySweep.Slow, completed: _ => stop.Cancel());

        OperationCanceledException told = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.RunAsync(stop.Token));

        Assert.Contains("start it again in the same way", told.Message, StringComparison.Ordinal);
        Assert.Equal(SweepPhase.Stopped, Assert.Single(await _cluster.ViewAsync()).Phase);
        await _cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl"), TinySweep.Slow).RunAsync();
        Assert.Equal(expected, File.ReadAllBytes(PathOf("a.jsonl")));
    }

    [Fact]
    public async Task The_larger_priority_is_served_first()
    {
        await _cluster.StartAsync();
        var begun = new TaskCompletionSource();
        Task<SweepReport> small = _cluster.Sweep(
            TinySweep.Forty, PathOf("small.jsonl"), TinySweep.Slow, completed: _ => begun.TrySetResult()).RunAsync();
        await begun.Task;

        await _cluster.Sweep(TinySweep.Recipe, PathOf("large.jsonl"), TinySweep.Slow, priority: 1).RunAsync();

        Assert.False(small.IsCompleted);
        Assert.Equal([1, 0], (await _cluster.ViewAsync()).Select(sweep => sweep.Priority));
        await small;
    }

    [Fact]
    public async Task What_cannot_be_made_anywhere_ends_the_sweep_with_the_reason()
    {
        await _cluster.StartAsync(workers: 2, opener: new Refusing());

        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync());

        Assert.Contains("could not be made, 3 times", ended.Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_sees_other_images_refuses()
    {
        await _cluster.StartAsync(workers: 2, opener: new OtherImages());

        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync());

        Assert.Contains("All silos must see the same files", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_measured_and_traced()
    {
        int durations = 0, activities = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "vptdsl.sweeps.run.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref durations));
        meters.Start();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "VptDsl.Sweeps",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ => Interlocked.Increment(ref activities),
        };
        ActivitySource.AddActivityListener(traces);
        await _cluster.StartAsync();

        await _cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync();
        await _cluster.DisposeAsync();

        // Other tests run beside this one.
        Assert.True(durations >= 10 && activities >= 10, $"{durations} durations, {activities} activities");
    }

    /// <summary>A cluster of several silos in this process: one that took another for dead would end the process.</summary>
    private TestCluster Patient() => new(new ClusterSettings { Folder = PathOf("patient"), DeadAfterSeconds = 120 });

    private SweepOrder OrderOf(Recipe recipe) => new()
    {
        Description = "lonely",
        Recipe = recipe.ToJson(),
        Work = TinySweep.Text,
        Measures = true,
        Results = PathOf("lonely.jsonl"),
        CheckpointEverySteps = 2,
        Priority = 0,
        Version = "0",
    };

    // One that was given up writes on until it hears of it.
    private async Task NoCheckpointsAsync()
    {
        string[] Left() => Directory.GetFiles(_folder.FullName, "*checkpoint*");
        for (int seconds = 0; Left().Length > 0 && seconds < 60; seconds++)
            await Task.Delay(1000);
        Assert.Empty(Left());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Refusing : ISweepOpener
    {
        public SweepWork Open(string work, Recipe recipe, Device device) => throw new IOException("There is no such folder.");
    }

    private sealed class OtherImages : ISweepOpener
    {
        public SweepWork Open(string work, Recipe recipe, Device device)
        {
            SweepWork right = new TinySweep().Open(work, recipe, device);
            return new SweepWork(right.Create, right.Images.Train, right.Images.Train);
        }
    }
}
