using System.Diagnostics;
using System.Runtime.ExceptionServices;
using VptDsl.Common;
using VptDsl.Training.Parallel.Wire;

namespace VptDsl.Training.Parallel;

/// <summary>A worker's part in a run that another process leads, from joining to its end.</summary>
internal sealed class JoinedRun : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250), Patience = TimeSpan.FromSeconds(60);

    // What was the matter should reach the leader from a machine that is busy too.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly RunTerms _terms;
    private readonly JoiningWorkers _group;
    private readonly Action _begun;
    private readonly CancellationToken _cancellation;
    private readonly long _start = Stopwatch.GetTimestamp();
    private ShardComputation? _computation;
    private RunTerms? _computed;
    private TimeSpan _aliveEvery;
    private bool _hasBegun;
    private long _lastSeen;
    private string? _lostBecause;

    /// <summary>Prepares to join.</summary>
    /// <param name="terms">The run, as this worker has it.</param>
    /// <param name="group">Whom to join.</param>
    /// <param name="begun">Called once, when the parameters are about to change.</param>
    /// <param name="cancellation">Ends waiting, and stops between two shards.</param>
    public JoinedRun(RunTerms terms, JoiningWorkers group, Action begun, CancellationToken cancellation) =>
        (_terms, _group, _begun, _cancellation) = (terms, group, begun, cancellation);

    /// <summary>Takes part until the run is over.</summary>
    /// <exception cref="IOException">The leader refuses, ends the run with an error, or cannot be found any more.</exception>
    public FitReport Run()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(_group.JoinTimeout, TimeSpan.Zero);
        _lastSeen = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return FollowAsync().GetAwaiter().GetResult();
            }
            catch (WorkerRefusedException e)
            {
                throw new IOException($"The leader at {_group.Leader} and this worker do not fit: {e.Message}.", e);
            }
            catch (OperationCanceledException e) when (_cancellation.IsCancellationRequested)
            {
                throw Left(e);
            }
            catch (ShardFailedException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
            }
            catch (Exception e) when (e is IOException and not RunEndedException or TimeoutException)
            {
                if (Stopwatch.GetElapsedTime(_lastSeen) >= _group.JoinTimeout)
                    throw new IOException(Lost(e), e);
            }

            if (_cancellation.WaitHandle.WaitOne(Pause))
                throw Left(inner: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _computation?.Dispose();

    private async Task<FitReport> FollowAsync()
    {
        using FrameStream frames = await JoinAsync().ConfigureAwait(false);
        RunTerms terms = _computed!;
        var messages = new ShardMessages(terms.Program.Model, terms.Program.TaskClasses, RunSizes.Of(terms));
        long largest = Math.Max(messages.LargestOrder, messages.LargestEnd);
        var values = new ModelValues(terms.Program.Model);
        var writer = new PayloadWriter();
        _computation!.Forget();
        Task<(FrameKind Kind, ReadOnlyMemory<byte> Payload)> next = frames.ReadAsync(largest, CancellationToken.None);
        try
        {
            while (true)
            {
                (FrameKind kind, ReadOnlyMemory<byte> payload) = await next.WaitAsync(_cancellation).ConfigureAwait(false);
                if (kind == FrameKind.End)
                    return Finish(messages.ReadEnd(payload, values));
                if (kind != FrameKind.Order)
                    throw new InvalidDataException($"{kind} came where an order should have");
                ShardOrder order = messages.ReadOrder(payload, values);
                // Heard while the order is computed: a leader that is stopped in mid-step does not wait until it is done.
                next = frames.ReadAsync(largest, CancellationToken.None);
                await ComputeAsync(frames, writer, order, next).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException and not RunEndedException or InvalidDataException)
        {
            // A connection whose messages are no good is as one that is lost: the next may be better.
            _lostBecause = e.Message;
            throw new IOException(e.Message, e);
        }
        finally
        {
            _lastSeen = Stopwatch.GetTimestamp();
            // Nobody waits any more for what a connection that is disposed of makes of it.
            _ = next.ContinueWith(static unheard => unheard.Exception, TaskScheduler.Default);
        }
    }

    private async Task<FrameStream> JoinAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(Patience);
        Stream? stream = null;
        try
        {
            stream = await Connections.ConnectAsync(_group.Address, limit.Token).ConfigureAwait(false);
            FrameStream frames = await Greeting.AsWorkerAsync(stream, _group.Secret, limit.Token).ConfigureAwait(false);
            (RunTerms terms, _aliveEvery) = await Admission.AskAsync(frames, TermsOf, limit.Token).ConfigureAwait(false);
            Prepare(terms);
            return frames;
        }
        catch (InvalidDataException e)
        {
            stream?.Dispose();
            throw new WorkerRefusedException(e.Message, e);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            stream?.Dispose();
            throw new TimeoutException("it does not answer");
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>What has been read and kept for the same run stays.</summary>
    private void Prepare(RunTerms terms)
    {
        if (_computed == terms)
            return;
        _computation?.Dispose();
        _computation = new ShardComputation(terms, _cancellation);
        _computed = terms;
    }

    /// <summary>The run with the leader's shards, unless the options say how large they are.</summary>
    private RunTerms TermsOf(int shardImages) => _terms.Options.MicroBatchSize is not null || shardImages < 1
        ? _terms
        : _terms with { Options = _terms.Options with { MicroBatchSize = shardImages } };

    /// <summary>Computes an order until the leader says something, which in mid-order can only be that the run is over.</summary>
    private async Task ComputeAsync(FrameStream frames, PayloadWriter writer, ShardOrder order, Task next)
    {
        if (!_hasBegun)
            _begun();
        _hasBegun = true;
        using IEnumerator<ShardResult> results = _computation!.Compute(order).GetEnumerator();
        for (int computed = 0; computed < order.Shards.Length; computed++)
        {
            if (!await MoveNextAsync(frames, writer, results, next).ConfigureAwait(false))
                return;
            ShardMessages.WriteResult(writer.Begin(), order.Kind, results.Current);
            try
            {
                await frames.WriteAsync(FrameKind.Result, writer.Payload, _cancellation).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The leader has gone, and what it said before may not have been read yet.
                await Task.WhenAny(next, Task.Delay(Pause, _cancellation)).ConfigureAwait(false);
                if (!next.IsCompletedSuccessfully)
                    throw;
                return;
            }
        }
    }

    /// <summary>
    /// Computes the next shard. If that fails, the leader is told why; if the leader says something before, the connection is closed, so
    /// that it need not wait for the shard.
    /// </summary>
    private async Task<bool> MoveNextAsync(
        FrameStream frames, PayloadWriter writer, IEnumerator<ShardResult> results, Task next)
    {
        if (next.IsCompleted)
            return false;
        Task<bool> computed = Task.Factory.StartNew(
            results.MoveNext, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using (var done = new CancellationTokenSource())
        {
            Task saying = SayAliveAsync(frames, done.Token);
            await Task.WhenAny(computed, next).ConfigureAwait(false);
            await done.CancelAsync().ConfigureAwait(false);
            await saying.ConfigureAwait(false);
        }

        if (next.IsCompleted)
        {
            frames.Dispose();
            await ((Task)computed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }

        try
        {
            return await computed.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await LeaveAsync(frames, writer, e).ConfigureAwait(false);
            if (e is OperationCanceledException)
                throw;
            throw new ShardFailedException(e);
        }
    }

    /// <summary>Says now and then that the worker is at it: how long a shard takes, the leader cannot know.</summary>
    private async Task SayAliveAsync(FrameStream frames, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_aliveEvery, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (done.IsCancellationRequested)
                    return;
                await frames.WriteAsync(FrameKind.Alive, default, _cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whatever is wrong with the connection, who writes the result finds it out.
        }
    }

    private static async Task LeaveAsync(FrameStream frames, PayloadWriter writer, Exception reason)
    {
        using var limit = new CancellationTokenSource(Farewell);
        writer.Begin().Write(reason.Message);
        try
        {
            await frames.WriteAsync(FrameKind.Leave, writer.Payload, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The leader will notice that the connection has ended.
        }
    }

    private FitReport Finish(RunEnd end)
    {
        if (end.Error is { } error)
            throw new RunEndedException($"The leader at {_group.Leader} ended the run: {error}");
        if (!_hasBegun)
            _begun();
        end.Values!.WriteTo(_terms.Program);
        return new FitReport
        {
            Device = _terms.Program.Device?.Name ?? "",
            Precision = _terms.Program.Precision,
            Epochs = end.State.Reports,
            BestEpoch = end.BestEpoch,
            StoppedEarly = end.State.StoppedEarly,
            Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds,
            Warnings = [],
        };
    }

    private OperationCanceledException Left(Exception? inner) =>
        new($"The worker left the run that {_group.Leader} leads.", inner, _cancellation);

    private string Lost(Exception reason) => FormattableString.Invariant(
        $"Nobody leads a run at {_group.Leader}, looked for during {_group.JoinTimeout.TotalSeconds:0.#} seconds ")
        + $"({Quoted.Text(reason.Message.TrimEnd('.'))}{Before}): start the leader, or correct the address.";

    /// <summary>How the worker came to look for a leader that it had.</summary>
    private string Before => _lostBecause is null ? "" : $"; its connection was lost: {Quoted.Text(_lostBecause.TrimEnd('.'))}";

    private sealed class RunEndedException(string message) : IOException(message);

    /// <summary>The worker's own failure, which may be an error of its disk as well: no reason to join again.</summary>
    private sealed class ShardFailedException(Exception inner) : Exception(inner.Message, inner);
}
