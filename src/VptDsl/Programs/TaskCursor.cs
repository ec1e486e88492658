namespace VptDsl.Programs;

/// <summary>
/// The images that operations work on and whose task they read: all images of the batch for most, and for those that read something of a
/// task one task's after the other's.
/// </summary>
internal sealed class TaskCursor
{
    private TaskImages[] _tasks = [];

    // 0 where all images are worked on.
    private int _next;

    /// <summary>The images of the batch.</summary>
    public int Batch { get; set; }

    /// <summary>The images that the present operation works on.</summary>
    public int Images => _next > 0 && _tasks.Length > 0 ? _tasks[_next - 1].Images : Batch;

    /// <summary>The first of them.</summary>
    public int First { get; private set; }

    /// <summary>The task whose memory is read; null for the model's own.</summary>
    public TaskMemory? Task { get; private set; }

    /// <summary>What the batch's images belong to, in order; none where all are of the model's own task.</summary>
    public void SetTasks(ReadOnlySpan<TaskImages> tasks)
    {
        _tasks = tasks.ToArray();
        Task = null;
        Leave();
    }

    /// <summary>Reads one task's memory from now on, for all images: also where an operation has failed on some of them.</summary>
    public void Read(TaskMemory? task)
    {
        Leave();
        Task = task;
    }

    /// <summary>Goes to the images of the next task, or back to all after the last: then false.</summary>
    public bool Next()
    {
        if (_next > 0)
            First += Images;
        if (_next == Math.Max(1, _tasks.Length))
        {
            Leave();
            return false;
        }

        if (_tasks.Length > 0)
            Task = _tasks[_next].Task;
        _next++;
        return true;
    }

    private void Leave()
    {
        (_next, First) = (0, 0);
        if (_tasks.Length > 0)
            Task = null;
    }
}
