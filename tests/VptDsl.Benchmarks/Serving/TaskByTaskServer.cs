namespace VptDsl.Benchmarks.Serving;

/// <summary>
/// Batches of one task each: whoever waited longest says which, and others of the same task come along. What computes a batch is given:
/// a model that loads the task first, or one of many sessions.
/// </summary>
internal sealed class TaskByTaskServer : ITaskServer
{
    private readonly LinkedList<Waiting> _queue = new();
    private readonly Action<int, int[]> _predict;
    private readonly int _batch;
    private readonly Thread _worker;
    private readonly IDisposable _owned;
    private bool _isOver;

    /// <param name="predict">Classifies images for a task.</param>
    /// <param name="batch">The most images of a batch.</param>
    /// <param name="owned">What is freed at the end.</param>
    public TaskByTaskServer(Action<int, int[]> predict, int batch, IDisposable owned)
    {
        (_predict, _batch, _owned) = (predict, batch, owned);
        _worker = new Thread(Work);
        _worker.Start();
    }

    public Task PredictAsync(int task, int image)
    {
        var waiting = new Waiting(task, image, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_queue)
        {
            _queue.AddLast(waiting);
            Monitor.Pulse(_queue);
        }

        return waiting.Answer.Task;
    }

    public long Memory() => Environment.WorkingSet;

    public void Dispose()
    {
        lock (_queue)
        {
            _isOver = true;
            Monitor.Pulse(_queue);
        }

        _worker.Join();
        _owned.Dispose();
    }

    private void Work()
    {
        while (Next() is { Count: > 0 } batch)
        {
            _predict(batch[0].Task, [.. batch.Select(waiting => waiting.Image)]);
            foreach (Waiting waiting in batch)
                waiting.Answer.SetResult();
        }
    }

    private List<Waiting> Next()
    {
        List<Waiting> batch = [];
        lock (_queue)
        {
            while (_queue.Count == 0 && !_isOver)
                Monitor.Wait(_queue);
            for (LinkedListNode<Waiting>? node = _queue.First, next; node is not null && batch.Count < _batch; node = next)
            {
                next = node.Next;
                if (batch.Count > 0 && node.Value.Task != batch[0].Task)
                    continue;
                batch.Add(node.Value);
                _queue.Remove(node);
            }
        }

        return batch;
    }

    private sealed record Waiting(int Task, int Image, TaskCompletionSource Answer);
}
