using System.Net.Sockets;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>A worker in another process.</summary>
/// <param name="frames">The connection, after the worker was taken in; disposed of with this.</param>
/// <param name="name">Where the worker is.</param>
/// <param name="messages">The run's messages.</param>
/// <param name="patience">How long it may be silent when it has something to say.</param>
internal sealed class RemoteWorker(FrameStream frames, string name, ShardMessages messages, TimeSpan patience) : IShardWorker
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly PayloadWriter _writer = new();
    private readonly ResultPool _results = new();
    private long _known;
    private Task _told = Task.CompletedTask;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ShardResult>> ComputeAsync(ShardOrder order, CancellationToken cancellation) =>
        Task.Run(() => AskAsync(order, cancellation), CancellationToken.None);

    /// <inheritdoc/>
    public void Tell(RunEnd end)
    {
        ShardMessages.WriteEnd(_writer.Begin(), end);
        _told = TellAsync();
    }

    /// <summary>Ends the connection, after those who are told of the run's end have heard it or have had time to.</summary>
    public void Dispose()
    {
        _told.GetAwaiter().GetResult();
        frames.Dispose();
    }

    /// <summary>All workers are told at the same time: one that does not listen keeps no other from hearing it.</summary>
    private async Task TellAsync()
    {
        using var limit = new CancellationTokenSource(Farewell);
        try
        {
            await frames.WriteAsync(FrameKind.End, _writer.Payload, limit.Token).ConfigureAwait(false);
            await frames.EndAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It will notice that nobody leads it any more.
        }
    }

    private async Task<IReadOnlyList<ShardResult>> AskAsync(ShardOrder order, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            ShardMessages.WriteOrder(_writer.Begin(), order, withValues: _known != order.Values.Number);
            await WriteAsync(cancellation).ConfigureAwait(false);
            _known = order.Values.Number;
            IReadOnlyList<ShardResult> results = _results.Take(order);
            foreach (ShardResult result in results)
            {
                (FrameKind kind, ReadOnlyMemory<byte> payload) = await HearAsync(limit).ConfigureAwait(false);
                Read(kind, payload, order.Kind, result);
            }

            return results;
        }
        catch (EndOfStreamException e)
        {
            throw new IOException("its connection has ended", e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"it has said nothing for {patience.TotalSeconds:0.#} seconds"));
        }
    }

    /// <summary>Sends an order, as a whole even if the run is ended meanwhile: after half of one nothing can be said any more.</summary>
    private async Task WriteAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience);
        using CancellationTokenRegistration shorter =
            cancellation.UnsafeRegister(_ => limit.CancelAfter(patience < Farewell ? patience : Farewell), null);
        await frames.WriteAsync(FrameKind.Order, _writer.Payload, limit.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// The next that it says, but that it is still at it: that shows that it has not stalled, however long a shard takes.
    /// </summary>
    private async Task<(FrameKind Kind, ReadOnlyMemory<byte> Payload)> HearAsync(CancellationTokenSource limit)
    {
        while (true)
        {
            limit.CancelAfter(patience);
            (FrameKind kind, ReadOnlyMemory<byte> payload) =
                await frames.ReadAsync(messages.LargestResult, limit.Token).ConfigureAwait(false);
            if (kind != FrameKind.Alive)
                return (kind, payload);
        }
    }

    private void Read(FrameKind kind, ReadOnlyMemory<byte> payload, ShardKind expected, ShardResult result)
    {
        if (kind == FrameKind.Leave)
            throw new IOException(new PayloadReader(payload).ReadText());
        if (kind != FrameKind.Result)
            throw new InvalidDataException($"{kind} came where a result should have");
        messages.ReadResult(payload, expected, result);
    }
}
