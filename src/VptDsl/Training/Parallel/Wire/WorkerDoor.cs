using System.Collections.Immutable;
using System.Net.Sockets;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>Takes in who joins a run, as long as it lasts.</summary>
internal sealed class WorkerDoor : IWorkerSource
{
    // Who knows no secret costs a connection, some hundred bytes and a few seconds of one of these places.
    private const int MostAtOnce = 64;

    // Who knows it reads its backbone once more, to say what it has.
    private static readonly TimeSpan Unproved = TimeSpan.FromSeconds(5), Proved = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Of the time after which a worker is given up, so that one word of several may come late.
    private const int WordsEachStall = 5;
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(10), Latest = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly TcpListener _listener;
    private readonly WorkerSecret _secret;
    private readonly ImmutableSortedDictionary<string, string> _identity;
    private readonly int _shardImages;
    private readonly ShardMessages _messages;
    private readonly int _expected;
    private readonly TimeSpan _startTimeout;
    private readonly TimeSpan _stallTimeout;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _room = new(MostAtOnce);
    private readonly Action _cameIn;
    private readonly List<IShardWorker> _new = [];
    private int _came;
    private bool _isClosed;

    /// <summary>Opens the door.</summary>
    public WorkerDoor(
        TcpListener listener, WorkerSecret secret, RunTerms terms, int expected, TimeSpan startTimeout, TimeSpan stallTimeout,
        Action cameIn)
    {
        (_listener, _secret, _expected, _startTimeout, _stallTimeout) = (listener, secret, expected, startTimeout, stallTimeout);
        _cameIn = cameIn;
        _identity = RunIdentity.Of(terms);
        _shardImages = terms.Options.LargestBatch;
        _messages = new ShardMessages(terms.Program.Model, terms.Program.TaskClasses, RunSizes.Of(terms));
        _messages.RequireRoom();
        _ = AcceptAsync();
    }

    private TimeSpan AliveEvery => TimeSpan.FromTicks(
        Math.Clamp(_stallTimeout.Ticks / WordsEachStall, Soonest.Ticks, Latest.Ticks));

    /// <inheritdoc/>
    public void Gather(CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.Register(() => { lock (_lock) Monitor.PulseAll(_lock); });
        long end = Environment.TickCount64 + (long)_startTimeout.TotalMilliseconds;
        lock (_lock)
        {
            while (_came < _expected && !cancellation.IsCancellationRequested && end - Environment.TickCount64 is > 0 and var left)
                Monitor.Wait(_lock, (int)Math.Min(left, int.MaxValue));
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public IReadOnlyList<IShardWorker> TakeNew()
    {
        lock (_lock)
        {
            IShardWorker[] workers = [.. _new];
            _new.Clear();
            return workers;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        lock (_lock)
            _isClosed = true;
        foreach (IShardWorker worker in TakeNew())
            worker.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_closing.Token).ConfigureAwait(false);
                if (await AcceptOneAsync().ConfigureAwait(false) is { } socket)
                    _ = HearAsync(socket);
                else
                    _room.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // The run is over, or the group was disposed of: nobody comes any more, and those who are there go on.
        }
    }

    /// <summary>The next who comes; null for one who left at once, and while the system has no room for more.</summary>
    private async Task<Socket?> AcceptOneAsync()
    {
        try
        {
            return await _listener.AcceptSocketAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            await Task.Delay(Pause, _closing.Token).ConfigureAwait(false);
            return null;
        }
    }

    private async Task HearAsync(Socket socket)
    {
        try
        {
            Stream stream = Connections.Open(socket);
            string name = socket.RemoteEndPoint?.ToString() ?? "";
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            limit.CancelAfter(Unproved);
            FrameStream frames = await Greeting.AsLeaderAsync(stream, _secret, limit.Token).ConfigureAwait(false);
            bool takesPart = await Admission
                .HearAsync(frames, _identity, _shardImages, AliveEvery, () => limit.CancelAfter(Proved), limit.Token).ConfigureAwait(false);
            if (takesPart)
                Add(new RemoteWorker(frames, name, _messages, _stallTimeout));
            else
                frames.Dispose();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException
            or SocketException)
        {
            // Whoever it was is no worker of this run.
            socket.Dispose();
        }
        finally
        {
            _room.Release();
        }
    }

    private void Add(RemoteWorker worker)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _new.Add(worker);
                _came++;
                _cameIn();
                Monitor.PulseAll(_lock);
                return;
            }
        }

        worker.Dispose();
    }
}
