using System.Buffers.Binary;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Parallel;
using VptDsl.Training.Parallel.Wire;

namespace VptDsl.Parallel.Tests;

/// <summary>
/// Protects both ends of a connection: a message that was changed, repeated or made up is an error that says so, before it costs memory.
/// </summary>
public sealed class WireTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], OtherKey = new byte[32];

    private static readonly RunSizes Sizes = new(3, 4, 5, 6) { LargestShard = 7 };

    private static readonly ModelDescription Model = new()
    {
        Name = "Wire",
        Declaration = "nothing",
        Channels = 1,
        ImageSize = 1,
        Classes = 3,
        Parameters = [new("head.weight", [3], ParameterKind.Head, true, 0, new(Distribution.Constant, 0))],
    };

    [Fact]
    public async Task A_frame_comes_as_it_was_sent()
    {
        byte[] payload = [1, 2, 3];
        using FrameStream frames = Reading(await SentAsync(Key, payload, []));

        (FrameKind first, ReadOnlyMemory<byte> received) = await frames.ReadAsync(3, default);
        Assert.Equal(payload, received.ToArray());
        (FrameKind second, received) = await frames.ReadAsync(0, default);

        Assert.Equal((FrameKind.Order, FrameKind.Order), (first, second));
        Assert.True(received.IsEmpty);
    }

    [Fact]
    public async Task A_frame_that_was_changed_anywhere_is_refused()
    {
        byte[] sent = await SentAsync(Key, [1, 2, 3, 4, 5, 6]);
        for (int place = 0; place < sent.Length; place++)
        {
            byte[] changed = [.. sent];
            changed[place] ^= 0x40;
            using FrameStream frames = Reading(changed);
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => frames.ReadAsync(1000, default));
            Assert.True(error is InvalidDataException or EndOfStreamException, error.ToString());
        }
    }

    [Fact]
    public async Task Nothing_is_sent_after_a_frame_that_was_cut_off()
    {
        using var stream = new StallingStream();
        using var frames = new FrameStream(stream, Key, Key);
        using var cut = new CancellationTokenSource();
        Task order = frames.WriteAsync(FrameKind.Order, new byte[100], cut.Token);
        await cut.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => order);
        long length = stream.Length;
        await Assert.ThrowsAsync<IOException>(() => frames.WriteAsync(FrameKind.End, new byte[10], CancellationToken.None));
        Assert.Equal(length, stream.Length);
    }

    [Fact]
    public async Task A_run_that_ends_while_an_order_is_sent_sends_it_and_says_why()
    {
        using var slow = new SlowStream();
        using var worker = new RemoteWorker(
            new FrameStream(slow, Key, OtherKey), "slow", new ShardMessages(Model, classes: 3, Sizes), TimeSpan.FromMinutes(10));
        using var stop = new CancellationTokenSource();
        var order = new ShardOrder(1, ShardKind.Train, 0, 0, [0], new ModelValues(Model) { Number = 1 });
        Task<IReadOnlyList<ShardResult>> asked = worker.ComputeAsync(order, stop.Token);
        await slow.Begun.Task;
        await stop.CancelAsync();
        slow.GoOn.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        worker.Tell(RunEnd.Of(new RunState(), new IOException("the reason")));
        worker.Dispose();

        using FrameStream frames = Reading(slow.ToArray());
        Assert.Equal(FrameKind.Order, (await frames.ReadAsync(1000, default)).Kind);
        (FrameKind kind, ReadOnlyMemory<byte> payload) = await frames.ReadAsync(1000, default);
        Assert.Equal((FrameKind.End, "the reason"), (kind, new PayloadReader(payload).ReadText()));
    }

    [Fact]
    public async Task A_frame_of_another_secret_is_refused_and_one_that_comes_again()
    {
        byte[] sent = await SentAsync(Key, [1, 2, 3]);
        using FrameStream strange = Reading(await SentAsync(OtherKey, [1, 2, 3])), repeated = Reading([.. sent, .. sent]);

        Assert.Contains("secret", (await Assert.ThrowsAsync<InvalidDataException>(() => strange.ReadAsync(9, default))).Message);
        await repeated.ReadAsync(9, default);
        await Assert.ThrowsAsync<InvalidDataException>(() => repeated.ReadAsync(9, default));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_of_a_wrong_length_is_refused_before_it_has_memory(int length)
    {
        byte[] sent = await SentAsync(Key, new byte[10]);
        BinaryPrimitives.WriteInt32LittleEndian(sent, length);
        using FrameStream frames = Reading(sent);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("10 are the most", (await Assert.ThrowsAsync<InvalidDataException>(() => frames.ReadAsync(10, default))).Message);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task A_frame_that_was_cut_off_is_no_frame()
    {
        byte[] sent = await SentAsync(Key, [1, 2, 3, 4]);
        for (int length = 0; length < sent.Length; length++)
        {
            using FrameStream frames = Reading(sent[..length]);
            await Assert.ThrowsAsync<EndOfStreamException>(() => frames.ReadAsync(9, default));
        }
    }

    [Fact]
    public void Messages_come_as_they_were_written()
    {
        var messages = new ShardMessages(Model, classes: 3, Sizes);
        ShardOrder order = messages.ReadOrder(Order(), new ModelValues(Model));
        var result = new ShardResult();
        result.Clear(2);
        messages.ReadResult(Result(), ShardKind.Train, result);

        Assert.Equal((9L, ShardKind.Train, 1, 3), (order.Round, order.Kind, order.Epoch, order.Step));
        Assert.Equal([0, 4], order.Shards);
        Assert.Equal([1f, float.NaN, -0f], order.Values.Trained);
        Assert.Equal([new ImageScore(0.5, 1), new ImageScore(double.NaN, 0)], result.Scores);
        Assert.Equal([float.PositiveInfinity, 2, 3], result.Gradients);
    }

    [Fact]
    public void A_message_that_is_made_up_is_refused_or_means_something_within_the_run()
    {
        var messages = new ShardMessages(Model, classes: 3, Sizes);
        byte[] order = Order(), result = Result();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. i % 2 == 0 ? order : result];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            changed = changed[..random.Next(changed.Length + 1)];
            try
            {
                if (i % 2 == 0)
                    RequirePossible(messages.ReadOrder(changed, new ModelValues(Model)));
                else
                    Read(messages, changed);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 19_999);
    }

    private static void RequirePossible(ShardOrder order)
    {
        Assert.InRange(order.Epoch, 0, 2);
        Assert.InRange(order.Step, 0, 3);
        Assert.All(order.Shards, shard => Assert.InRange(shard, 0, order.Kind == ShardKind.Train ? 4 : 5));
    }

    private static void Read(ShardMessages messages, byte[] payload)
    {
        var result = new ShardResult();
        result.Clear(2);
        messages.ReadResult(payload, ShardKind.Train, result);
        Assert.Equal(2, result.Shard);
    }

    private static byte[] Order()
    {
        var writer = new PayloadWriter();
        var values = new ModelValues(Model) { Number = 5 };
        ((ReadOnlySpan<float>)[1, float.NaN, -0f]).CopyTo(values.Trained);
        ShardMessages.WriteOrder(writer, new ShardOrder(9, ShardKind.Train, 1, 3, [0, 4], values), withValues: true);
        return writer.Payload.ToArray();
    }

    private static byte[] Result()
    {
        var writer = new PayloadWriter();
        var result = new ShardResult();
        result.Clear(2);
        result.Scores.AddRange([new ImageScore(0.5, 1), new ImageScore(double.NaN, 0)]);
        result.Confusion.Add(new ConfusedPair(1, 2, 3));
        result.Reserve(Model);
        ((ReadOnlySpan<float>)[float.PositiveInfinity, 2, 3]).CopyTo(result.Gradients);
        ShardMessages.WriteResult(writer, ShardKind.Train, result);
        return writer.Payload.ToArray();
    }

    private static async Task<byte[]> SentAsync(byte[] key, params byte[][] payloads)
    {
        var stream = new MemoryStream();
        using var frames = new FrameStream(stream, key, OtherKey);
        foreach (byte[] payload in payloads)
            await frames.WriteAsync(FrameKind.Order, payload, default);
        return stream.ToArray();
    }

    private static FrameStream Reading(byte[] sent) => new(new MemoryStream(sent), OtherKey, Key);

    /// <summary>Takes its time, until it is told to go on; the time may be cut short.</summary>
    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Begun.TrySetResult();
            await GoOn.Task.WaitAsync(cancellationToken);
            Write(buffer.Span);
        }
    }

    /// <summary>Takes ten bytes, and no more before it is told to stop.</summary>
    private sealed class StallingStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span[..Math.Min(buffer.Length, 10)]);
            if (buffer.Length > 10)
                await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
