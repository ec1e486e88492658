namespace VptDsl.Programs;

/// <summary>
/// A task's memory on a device, beside others of the same model: what its program reads instead of the model's own
/// <see cref="Region.Trained"/>, <see cref="Region.Statistics"/> and the beginning of <see cref="Region.Arena"/>, where inference keeps
/// what it computed from them.
/// </summary>
public abstract class TaskMemory : IDisposable
{
    /// <summary>The number of the frozen weights with which the task's part of inference was computed; 0 where it is not there.</summary>
    internal int PreparedFrom { get; set; }

    /// <summary>Floats of the arena that inference keeps for a task; 0 where no place has been taken for them.</summary>
    public abstract long PreparedFloats { get; }

    /// <summary>Takes a place for what inference computes from the task's parameters, unless there is one.</summary>
    /// <param name="floats">How much.</param>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public abstract void ReservePrepared(long floats);

    /// <summary>Gives that place back: it is computed again when it is needed.</summary>
    public abstract void ReleasePrepared();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Images of a batch that follow each other and belong to one task.</summary>
/// <param name="Task">The task's memory.</param>
/// <param name="Images">How many images.</param>
public readonly record struct TaskImages(TaskMemory Task, int Images);
