using VptDsl.Orleans.Grains;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects a sweep from a cluster that does not answer for a while: it waits, says so, can be stopped, and goes on.</summary>
public sealed class UnreachedClusterTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-unreached-");
    private int _submitted, _stopped, _told;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_sweep_that_is_not_taken_at_first_is_offered_again()
    {
        ClusterSweep sweep = Sweep(isReached: submission => submission > 20, beginningPatience: Long);

        await Assert.ThrowsAsync<InvalidOperationException>(() => sweep.RunAsync());
        Assert.Equal((21, 1), (_submitted, _told));
    }

    [Fact]
    public async Task A_sweep_that_is_never_taken_is_an_error_that_says_why()
    {
        ClusterSweep sweep = Sweep(isReached: _ => false, beginningPatience: TimeSpan.FromSeconds(1));

        IOException error = await Assert.ThrowsAsync<IOException>(() => sweep.RunAsync());
        Assert.Equal("The cluster cannot be reached: Nobody is there. Look after its silos and their store.", error.Message);
        Assert.True(_submitted > 1, "It was offered once.");
    }

    [Fact]
    public async Task A_sweep_whose_store_was_lost_is_offered_for_as_long_as_it_takes()
    {
        ClusterSweep sweep = Sweep(
            isReached: submission => submission is 1 or > 20, beginningPatience: TimeSpan.Zero, isLost: submission => submission == 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => sweep.RunAsync());
        Assert.Equal((21, 1), (_submitted, _told));
    }

    [Fact]
    public async Task A_sweep_that_waits_for_its_beginning_can_be_stopped()
    {
        using var ending = new CancellationTokenSource();
        Task run = Sweep(isReached: _ => false, beginningPatience: Long).RunAsync(ending.Token);
        await ending.CancelAsync();

        OperationCanceledException stopped = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Contains("start it again in the same way", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(1, _stopped);
    }

    /// <summary>A sweep on a cluster that says of it, once it has it, that it failed.</summary>
    /// <param name="isReached">Whether somebody is there at the first, second … submission.</param>
    /// <param name="beginningPatience">How long a sweep that was never begun is offered.</param>
    /// <param name="isLost">Whether the cluster knows nothing of the sweep after so many submissions.</param>
    private ClusterSweep Sweep(Func<int, bool> isReached, TimeSpan beginningPatience, Func<int, bool>? isLost = null)
    {
        var failed = new SweepView
        {
            Description = "tiny",
            Phase = SweepPhase.Failed,
            Problem = "The test wants it.",
            Ended = 0,
            Runs = [],
            Priority = 0,
        };
        object Answer(string method)
        {
            if (method == nameof(ISweepGrain.ViewAsync))
                return Task.FromResult(isLost?.Invoke(_submitted) == true ? null : failed);
            _stopped += method == nameof(ISweepGrain.StopAsync) ? 1 : 0;
            return Task.CompletedTask;
        }

        IGrainFactory grains = FakeGrains.Of(
            board: (_, _) => isReached(++_submitted)
                ? Task.CompletedTask
                : Task.FromException(new TimeoutException("Nobody is there.")),
            sweep: (method, _) => Answer(method));
        return new ClusterSweep(
            grains, TinySweep.Recipe, TinySweep.Text, new TinySweep().Open(TinySweep.Text, TinySweep.Recipe, Device.Cpu(threads: 1)),
            Path.Combine(_folder.FullName, "results.jsonl"))
        {
            AskEvery = TimeSpan.FromMilliseconds(2),
            Patience = TimeSpan.FromMilliseconds(10),
            BeginningPatience = beginningPatience,
            Unreached = () => _told++,
        };
    }
}
