namespace VptDsl.Concurrency.Tests;

/// <summary>Protects servers: requests wait without a thread, every one is answered, and one that is cancelled leaves the queue.</summary>
public sealed class AsynchronousTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly DeepModel _tuner;

    public AsynchronousTests() => _tuner = DeepModel.Create(_device, seed: 1);

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_all_answered()
    {
        float[][] images = [.. Enumerable.Range(0, 10).Select(i => Images.Draw(1, seed: i))];
        float[][] expected = [.. images.Select(image => _tuner.Predict(image))];
        float[][] answers =
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => _tuner.PredictAsync(images[i % 10]))).WaitAsync(Patience);
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(expected[i % 10], answers[i]);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_while_it_waits_leaves_the_queue()
    {
        using var cancellation = new CancellationTokenSource();
        Task<float[]> cancelled, answered;
        using (_tuner.Compiled.TakeTurn())
        {
            Task<float[]> first = _tuner.PredictAsync(Images.Draw(1, seed: 1));
            cancelled = _tuner.PredictAsync(Images.Draw(1, seed: 1), cancellation.Token);
            answered = _tuner.EmbedAsync(Images.Draw(1, seed: 1));
            cancellation.Cancel();
            SpinWait.SpinUntil(() => cancelled.IsCompleted, Patience);
            Assert.True(cancelled.IsCanceled);
            Assert.False(first.IsCompleted);
        }

        Assert.Equal(_tuner.Embed(Images.Draw(1, seed: 1)), await answered.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_large_request_is_cancelled_between_two_batches()
    {
        using var cancellation = new CancellationTokenSource();
        Task<float[]> large = _tuner.PredictAsync(Images.Draw(100_000, seed: 1), cancellation.Token);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Patience));
    }

    [Fact]
    public async Task Fits_of_several_tuners_share_a_device()
    {
        DeepModel[] tuners = [.. Enumerable.Range(0, 4).Select(_ => DeepModel.Create(_device, seed: 1))];
        await Task.WhenAll(tuners.Select(t => t.FitAsync(Images.DrawSet(16, seed: 1), options: SharedModel.Learning))).WaitAsync(Patience);
        float[] expected = tuners[0].Predict(Images.Draw(5, seed: 1));
        Assert.All(tuners, tuner => Assert.Equal(expected, tuner.Predict(Images.Draw(5, seed: 1))));
        Array.ForEach(tuners, tuner => tuner.Dispose());
    }
}
