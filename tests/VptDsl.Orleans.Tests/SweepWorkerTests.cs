using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VptDsl.Orleans.Grains;
using VptDsl.Orleans.Silos;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Protects sweeps from a stop without a word: a store that takes no results, as on a full disk, is said, and what no store will ever take
/// is the run's failure.
/// </summary>
public sealed class SweepWorkerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-worker-");
    private readonly CancellationTokenSource _end = new();
    private readonly Warnings _warnings = new();

    public void Dispose()
    {
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_result_that_the_store_does_not_take_is_said_once_and_handed_over_when_it_does()
    {
        int tries = 0;
        await WorkAsync((method, _) => method == nameof(ISweepGrain.CompleteAsync)
            ? ++tries < 4 ? Task.FromException<bool>(new IOException("The disk is full.")) : Ended(true)
            : Task.FromResult(true));

        Assert.Equal(4, tries);
        Assert.Contains("The disk is full.", Assert.Single(_warnings.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_refused_is_the_failure_of_its_run()
    {
        var failed = new TaskCompletionSource<string>();
        await WorkAsync((method, arguments) =>
        {
            if (method == nameof(ISweepGrain.CompleteAsync))
                return Task.FromException<bool>(new ArgumentException("This is no result."));
            if (method != nameof(ISweepGrain.FailAsync))
                return Task.FromResult(true);
            failed.SetResult((string)arguments[1]!);
            return Ended(true);
        });

        Assert.Contains("This is no result.", await failed.Task, StringComparison.Ordinal);
    }

    /// <summary>
    /// A GPU that was lost makes no run any more, and would be the end of every sweep if runs were blamed for it. Nor is the run given
    /// back: if it is what loses GPUs, that is counted as silos are that died of it.
    /// </summary>
    [Fact]
    public async Task A_worker_whose_device_has_failed_ends_as_if_it_had_died()
    {
        var asked = new ConcurrentQueue<string>();
        using var device = new LostDevice();

        await Assert.ThrowsAnyAsync<Exception>(() => WorkAsync(
            (method, _) =>
            {
                asked.Enqueue(method);
                return Task.FromResult(true);
            },
            device));

        Assert.DoesNotContain(nameof(ISweepGrain.ReleaseAsync), asked);
        Assert.DoesNotContain(nameof(ISweepGrain.FailAsync), asked);
    }

    [Fact]
    public async Task A_board_that_cannot_be_asked_is_said_once()
    {
        int asked = 0;
        IGrainFactory grains = FakeGrains.Of(
            (_, _) =>
            {
                if (++asked == 5)
                    _end.Cancel();
                return Task.FromException<RunAssignment?>(new IOException("The store is gone."));
            },
            (_, _) => Task.FromResult(true));

        await WorkAsync(grains);

        Assert.Equal(5, asked);
        Assert.Contains("The store is gone.", Assert.Single(_warnings.Told), StringComparison.Ordinal);
    }

    private Task<bool> Ended(bool answer)
    {
        _end.Cancel();
        return Task.FromResult(answer);
    }

    /// <summary>Makes one run of a sweep that answers as it is told to.</summary>
    private Task WorkAsync(Func<string, object?[], object?> sweep, Device? worksOn = null)
    {
        Recipe recipe = TinySweep.Recipe;
        using Device device = Device.Cpu(threads: 1);
        SweepWork work = new TinySweep().Open(TinySweep.Text, recipe, device);
        var order = new SweepOrder
        {
            Description = new SweepRunner(recipe, work.Create, work.Images).Describe(),
            Recipe = recipe.ToJson(),
            Work = TinySweep.Text,
            Measures = true,
            Results = Path.Combine(_folder.FullName, "results.jsonl"),
            CheckpointEverySteps = 100,
            Priority = 0,
            Version = "0",
        };
        var run = new SweepRun(recipe.LearningRates[0], recipe.WeightDecays[0], recipe.TrialSeed);
        RunAssignment? assignment = new(
            "sweep", order, new RunLease(run.Key, 1, "worker"), run.LearningRate, run.WeightDecay, run.Seed, IsFinal: false, Epochs: null);
        return WorkAsync(FakeGrains.Of(
            (method, _) => method == nameof(ISweepBoardGrain.TakeAsync)
                ? Task.FromResult(Interlocked.Exchange(ref assignment, null))
                : Task.CompletedTask,
            sweep), worksOn);
    }

    private async Task WorkAsync(IGrainFactory grains, Device? worksOn = null)
    {
        var options = new SweepSiloOptions { AskEvery = TimeSpan.FromMilliseconds(1), WarnAfter = TimeSpan.Zero };
        using Device device = Device.Cpu(threads: 1);
        await new SweepWorker("worker", worksOn ?? device, new TinySweep(), grains, options, _warnings)
            .WorkAsync(_end.Token).WaitAsync(TimeSpan.FromMinutes(10));
    }

    private sealed class LostDevice : Device
    {
        public override string Name => "lost";

        internal override bool HasFailed => true;

        protected override void Dispose(bool disposing)
        {
        }
    }

    /// <summary>Keeps what is said of the cluster at the level of warnings; that a run failed is another matter.</summary>
    private sealed class Warnings : ILogger
    {
        public ConcurrentQueue<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning && exception is null)
                Told.Enqueue(formatter(state, exception));
        }
    }
}
