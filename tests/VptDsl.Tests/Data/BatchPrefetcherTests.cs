using VptDsl.Data;
using VptDsl.Training.Batches;

namespace VptDsl.Tests.Data;

/// <summary>
/// Reading ahead changes when images are prepared and nothing else: not what is read, not which error, not whether it ends.
/// </summary>
public class BatchPrefetcherTests
{
    private static readonly IImageTransform[] Transforms = [new RandomHorizontalFlip(), new RandomCrop(1)];
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(16, 5)]
    public void Every_number_of_workers_reads_what_the_plain_reader_reads(int workers, int batchesAhead)
    {
        var source = new ProbeSource(100);
        using var plain = new BatchReader(source, 8, Transforms, seed: 5, augments: true);
        using var ahead = new BatchPrefetcher(source, 8, Transforms, seed: 5, augments: true, workers, batchesAhead);
        var order = new EpochOrder(100, seed: 2);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            ReadOnlySpan<int> indices = order.Shuffle(epoch);
            ahead.Announce(indices, epoch);
            for (int first = 0; first < indices.Length; first += 8)
            {
                ReadOnlySpan<int> batch = indices.Slice(first, Math.Min(8, indices.Length - first));
                plain.Read(batch, epoch);
                ahead.Read(batch, epoch);

                Assert.Equal(plain.Images.ToArray(), ahead.Images.ToArray());
                Assert.Equal(plain.Labels.ToArray(), ahead.Labels.ToArray());
            }
        }
    }

    [Fact]
    public void Images_that_were_not_announced_are_read_all_the_same()
    {
        var source = new ProbeSource(20);
        using var plain = new BatchReader(source, 4, Transforms, seed: 5, augments: true);
        using var ahead = new BatchPrefetcher(source, 4, Transforms, seed: 5, augments: true, workers: 2);
        ahead.Announce([0, 1, 2, 3, 4, 5, 6, 7], epoch: 1);

        foreach ((int epoch, int[] batch) in new[] { (1, new[] { 0, 1, 9, 2 }), (2, [3, 4]), (1, [3, 4, 5, 6]), (1, [7, 19]), (1, [8, 8]) })
        {
            plain.Read(batch, epoch);
            ahead.Read(batch, epoch);
            Assert.Equal(plain.Images.ToArray(), ahead.Images.ToArray());
            Assert.Equal(plain.Labels.ToArray(), ahead.Labels.ToArray());
        }
    }

    [Fact]
    public void A_sets_own_augmentation_takes_part_in_training_alone()
    {
        var source = new Subset(new ProbeSource(4), [3, 2]);
        using var train = new BatchPrefetcher(source, 1, [], seed: 5, augments: true);
        using var test = new BatchPrefetcher(source, 1, [], seed: 5, augments: false);

        train.Read([0], epoch: 0);
        test.Read([0], epoch: 0);

        Assert.True(source.IsAugmented);
        Assert.Equal(3, test.Images[0]);
        Assert.NotEqual(3, train.Images[0]);
    }

    [Fact]
    public void Images_are_prepared_while_none_is_asked_for_but_no_more_than_there_is_room_for()
    {
        var source = new ProbeSource(100);
        using var ahead = new BatchPrefetcher(source, 5, [], seed: 0, augments: false, workers: 3, batchesAhead: 2);
        int[] all = [.. Enumerable.Range(0, 100)];

        ahead.Announce(all, epoch: 0);

        Assert.True(SpinWait.SpinUntil(() => source.Reads == 10, Long));
        for (int first = 0; first < 100; first += 5)
        {
            Assert.InRange(source.Reads, first, first + 10);
            ahead.Read(all.AsSpan(first, 5), epoch: 0);
        }

        Assert.Equal(100, source.Reads);
        Assert.Equal(10, ahead.Capacity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_broken_image_throws_its_own_error_where_its_batch_is_read_and_again_if_asked_again(int workers)
    {
        var source = new ProbeSource(30) { Broken = 13 };
        using var ahead = new BatchPrefetcher(source, 5, [], seed: 0, augments: false, workers);
        int[] all = [.. Enumerable.Range(0, 30)];
        ahead.Announce(all, epoch: 0);

        ahead.Read(all.AsSpan(0, 5), epoch: 0);
        ahead.Read(all.AsSpan(5, 5), epoch: 0);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<ImageDataException>(() => ahead.Read(all.AsSpan(10, 5), epoch: 0));
            Assert.Equal("13.jpg", error.FilePath);
        }

        ahead.Announce(all.AsSpan(14), epoch: 0);
        ahead.Read([14, 15], epoch: 0);
        Assert.Equal([14, 15], ahead.Images.ToArray().Where((_, i) => i % 4 == 0));
    }

    [Fact]
    public async Task Disposing_waits_for_images_under_way_and_lets_nothing_begin()
    {
        var source = new ProbeSource(50) { Gate = new ManualResetEventSlim() };
        var ahead = new BatchPrefetcher(source, 5, [], seed: 0, augments: false, workers: 2);
        ahead.Announce([.. Enumerable.Range(0, 50)], epoch: 0);
        Assert.True(SpinWait.SpinUntil(() => source.Begun > 0, Long));

        Task disposing = Task.Run(ahead.Dispose);
        await Task.Delay(50);
        Assert.False(disposing.IsCompleted);
        source.Gate.Set();
        await disposing.WaitAsync(Long);
        int begun = source.Begun;

        Assert.Equal(begun, source.Reads);
        Assert.Throws<ObjectDisposedException>(() => ahead.Read([0], epoch: 0));
        Assert.Throws<ObjectDisposedException>(() => ahead.Announce([0], epoch: 0));
        ahead.Dispose();
        Assert.Equal(begun, source.Begun);
    }

    [Fact]
    public async Task Cancelling_ends_waiting()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new ProbeSource(50) { Gate = new ManualResetEventSlim() };
        using var ahead = new BatchPrefetcher(source, 1, [], 0, augments: false, workers: 1, batchesAhead: 1, cancellation.Token);
        ahead.Announce([0, 1], epoch: 0);
        Assert.True(SpinWait.SpinUntil(() => source.Begun > 0, Long));

        Task reading = Task.Run(() => ahead.Read([0], epoch: 0));
        await Task.Delay(50);
        Assert.False(reading.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Long));
        source.Gate.Set();
    }

    [Fact]
    public async Task A_new_plan_replaces_the_old_while_images_are_under_way()
    {
        var source = new ProbeSource(50) { Gate = new ManualResetEventSlim() };
        using var ahead = new BatchPrefetcher(source, 5, [], seed: 0, augments: false, workers: 2);
        ahead.Announce([1, 2, 3], epoch: 0);
        Assert.True(SpinWait.SpinUntil(() => source.Begun > 0, Long));

        Task planning = Task.Run(() => ahead.Announce([41, 42], epoch: 0));
        await Task.Delay(50);
        Assert.False(planning.IsCompleted);
        source.Gate.Set();
        await planning.WaitAsync(Long);
        ahead.Read([41, 42], epoch: 0);

        Assert.Equal([41, 42], ahead.Images.ToArray().Where((_, i) => i % 4 == 0));
    }

    /// <summary>Images of 2 × 2 pixels that start with their index; chance adds a fraction.</summary>
    private sealed class ProbeSource(int count) : IAugmentedSource
    {
        private int _begun;
        private int _reads;

        public int? Broken { get; init; }

        public ManualResetEventSlim? Gate { get; init; }

        public int Begun => Volatile.Read(ref _begun);

        public int Reads => Volatile.Read(ref _reads);

        public int Count => count;

        public ImageShape Shape => new(1, 2, 2);

        public IReadOnlyList<string> ClassNames => ["even", "odd"];

        public bool IsAugmented => true;

        public int Label(int index) => index % 2;

        public void CopyImage(int index, Span<float> destination)
        {
            Interlocked.Increment(ref _begun);
            Gate?.Wait();
            Interlocked.Increment(ref _reads);
            if (index == Broken)
                throw new ImageDataException($"{index}.jpg", "the image is cut off", "Fetch it again.");
            for (int i = 0; i < destination.Length; i++)
                destination[i] = index + (i * 1000);
        }

        public void CopyAugmented(int index, Span<float> destination, ref RandomStream random)
        {
            CopyImage(index, destination);
            destination[0] += (random.NextFloat() / 2) + 0.25f;
        }
    }
}
