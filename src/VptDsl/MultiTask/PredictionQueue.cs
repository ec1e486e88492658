using System.Diagnostics;

namespace VptDsl.MultiTask;

/// <summary>
/// Images that wait for the device, and the thread that computes them: a batch starts when the device is free, with what has come by then.
/// </summary>
internal sealed class PredictionQueue : IDisposable
{
    private readonly Func<IReadOnlyList<(ReadOnlyMemory<float> Image, ServedTask Task)>, PredictionResult[]> _compute;
    private readonly MultiTaskOptions _options;
    private readonly LinkedList<Request> _waiting = new();
    private readonly Thread _thread;
    private double _secondsAnImage;
    private bool _isStopped;

    public PredictionQueue(
        Func<IReadOnlyList<(ReadOnlyMemory<float> Image, ServedTask Task)>, PredictionResult[]> compute, MultiTaskOptions options)
    {
        (_compute, _options) = (compute, options);
        _thread = new Thread(Run) { IsBackground = true, Name = "VptDsl predictions" };
        _thread.Start();
    }

    /// <summary>Images that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_waiting)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Lets images wait, one behind the other, all of them or none; each releases its task when it is answered, or here where it is
    /// refused.
    /// </summary>
    /// <exception cref="TaskQueueFullException">There is no room for them.</exception>
    /// <exception cref="ObjectDisposedException">No more images are answered.</exception>
    public Task<TaskPrediction>[] Enqueue(
        IReadOnlyList<(ReadOnlyMemory<float> Image, ServedTask Task)> images, CancellationToken cancellation)
    {
        Request[] requests = [.. images.Select(image => new Request(_waiting, image.Image, image.Task))];
        try
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_waiting)
            {
                ObjectDisposedException.ThrowIf(_isStopped, typeof(MultiTaskModel));
                if (_waiting.Count + requests.Length > _options.MaxWaiting)
                    throw new TaskQueueFullException(_waiting.Count, TimeSpan.FromSeconds(_waiting.Count * _secondsAnImage));
                foreach (Request request in requests)
                    request.Place = _waiting.AddLast(request);
                Monitor.PulseAll(_waiting);
            }
        }
        catch
        {
            foreach (Request request in requests)
                request.Task.Release();
            throw;
        }

        // Outside of the lock: a token that is cancelled by now calls back at once.
        foreach (Request request in requests)
            request.LeaveWith(cancellation);
        return [.. requests.Select(request => request.Answer.Task)];
    }

    /// <summary>Answers what waits, and then no more.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _isStopped = true;
            Monitor.PulseAll(_waiting);
        }

        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        while (Take() is { } batch)
        {
            long start = Stopwatch.GetTimestamp();
            Answer(batch);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / batch.Length;
            lock (_waiting)
                _secondsAnImage = _secondsAnImage == 0 ? seconds : (0.8 * _secondsAnImage) + (0.2 * seconds);
        }
    }

    /// <summary>The next batch; null when there will be none.</summary>
    private Request[]? Take()
    {
        lock (_waiting)
        {
            do
            {
                while (_waiting.Count == 0 && !_isStopped)
                    Monitor.Wait(_waiting);
                WaitForOthers();
            }
            while (_waiting.Count == 0 && !_isStopped);

            if (_waiting.Count == 0)
                return null;
            var batch = new Request[Math.Min(_waiting.Count, _options.MaxBatch)];
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = _waiting.First!.Value;
                batch[i].StopWaiting();
                _waiting.RemoveFirst();
            }

            return batch;
        }
    }

    private void WaitForOthers()
    {
        long start = Stopwatch.GetTimestamp();
        while (_waiting.Count < _options.MaxBatch && !_isStopped
            && _options.BatchDelay - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            Monitor.Wait(_waiting, left);
        }
    }

    private void Answer(Request[] batch)
    {
        PredictionResult[] results;
        try
        {
            long start = Stopwatch.GetTimestamp();
            results = _compute([.. batch.Select(request => (request.Image, request.Task))]);
            _options.BatchCompleted?.Invoke(new BatchReport(
                batch.Length, batch.Select(request => request.Task).Distinct().Count(), Stopwatch.GetElapsedTime(start)));
        }
        catch (Exception e)
        {
            // One batch's failure is its callers' and no other batch's.
            results = [.. batch.Select(_ => new PredictionResult(null, e))];
        }

        for (int i = 0; i < batch.Length; i++)
        {
            batch[i].Task.Release();
            if (results[i].Prediction is { } prediction)
                batch[i].Answer.TrySetResult(prediction);
            else
                batch[i].Answer.TrySetException(results[i].Error!);
        }
    }

    private sealed class Request(LinkedList<Request> waiting, ReadOnlyMemory<float> image, ServedTask task)
    {
        private CancellationTokenRegistration _registration;

        public ReadOnlyMemory<float> Image { get; } = image;

        public ServedTask Task { get; } = task;

        public TaskCompletionSource<TaskPrediction> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Where it waits; null when it waits no more.</summary>
        public LinkedListNode<Request>? Place { get; set; }

        /// <summary>Lets it leave the queue when a token is cancelled, for as long as it waits.</summary>
        public void LeaveWith(CancellationToken cancellation)
        {
            CancellationTokenRegistration registration =
                cancellation.UnsafeRegister(static (state, token) => ((Request)state!).Cancel(token), this);
            lock (waiting)
            {
                _registration = registration;
                // It may have been taken by now, and a token that lives on would hold it.
                if (Place is null)
                    registration.Unregister();
            }
        }

        /// <summary>It is taken: who calls holds the queue's lock.</summary>
        public void StopWaiting()
        {
            Place = null;
            _registration.Unregister();
        }

        private void Cancel(CancellationToken token)
        {
            lock (waiting)
            {
                if (Place is null)
                    return;
                waiting.Remove(Place);
                Place = null;
            }

            Task.Release();
            Answer.TrySetCanceled(token);
        }
    }
}
