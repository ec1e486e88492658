namespace VptDsl.Programs;

/// <summary>
/// What every device does for every program: memory by region, and the optimiser. Generated interfaces add the operations.
/// </summary>
/// <remarks>Not thread-safe: <see cref="CompiledProgram"/> takes the device's turn before it calls.</remarks>
public interface IProgramDevice : IDisposable
{
    /// <summary>The device that computes.</summary>
    Device Device { get; }

    /// <summary>The number of images that operations with a batch work on; setting it sets that of the batch.</summary>
    int Batch { get; set; }

    /// <summary>Memory for a task of its own: its parameters, all zero.</summary>
    /// <param name="trained">Floats of <see cref="Region.Trained"/>.</param>
    /// <param name="statistics">Floats of <see cref="Region.Statistics"/>.</param>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    TaskMemory AllocateTask(long trained, long statistics);

    /// <summary>Lets what is computed, read and written from now on have a task's memory instead of the model's own.</summary>
    /// <param name="task">The task; null for the model's own.</param>
    void UseTask(TaskMemory? task);

    /// <summary>Says whose the images of the batch are, for <see cref="NextTask"/>.</summary>
    /// <param name="tasks">In the order of the images; none where all are of the model's own task.</param>
    void SetTasks(ReadOnlySpan<TaskImages> tasks);

    /// <summary>
    /// Before an operation that reads something of a task: goes to the next task's images, whose operations then work on alone. False after
    /// the last, when the whole batch is worked on again.
    /// </summary>
    bool NextTask();

    /// <summary>
    /// Floats at the end of <see cref="Region.Arena"/> that the device's operations take for themselves, with the present batch.
    /// </summary>
    long ScratchFloats { get; }

    /// <summary>Floats of <see cref="Region.Unpacked"/> that the device's operations take for themselves.</summary>
    long UnpackedFloats => 0;

    /// <summary>Gives a region at least this many floats. Growing it loses what was in it; new memory is zero.</summary>
    void Reserve(Region region, long floats);

    /// <summary>Bytes of its memory that are free now; null where nobody says.</summary>
    long? FreeBytes => null;

    /// <summary>Copies to the device.</summary>
    void Write(Slot destination, ReadOnlySpan<float> source);

    /// <summary>Waits for what was launched and copies from the device.</summary>
    void Read(Slot source, Span<float> destination);

    /// <summary>Whether the inputs of a batch can be copied while the device works on the batch before.</summary>
    bool CanStage { get; }

    /// <summary>Begins to copy the inputs of the batch after this one, and does not wait.</summary>
    /// <param name="inputs">What <see cref="Region.Inputs"/> will hold.</param>
    void Stage(ReadOnlySpan<float> inputs);

    /// <summary>Makes what was staged the contents of <see cref="Region.Inputs"/>.</summary>
    /// <exception cref="InvalidOperationException">Nothing was.</exception>
    void TakeStaged();

    /// <summary>Updates trained parameters from their gradients; the optimiser's moments lie at the same offsets.</summary>
    /// <param name="first">The offset of the first.</param>
    /// <param name="count">How many floats.</param>
    /// <param name="decayed">How many of them, from the first, decay.</param>
    /// <param name="update">The optimiser and its settings.</param>
    void Update(long first, long count, long decayed, in OptimizerUpdate update);

    /// <summary>Adds two regions: target = keep · target + add · source.</summary>
    /// <param name="target">The one that changes.</param>
    /// <param name="keep">Where it is 0, nothing of the target remains, whatever it was.</param>
    /// <param name="source">The other; may be the same.</param>
    /// <param name="add">What the source is multiplied by.</param>
    /// <param name="count">How many floats, from the first of each.</param>
    void Combine(Region target, float keep, Region source, float add, long count);

    /// <summary>The sum of the squares of a region's first floats.</summary>
    /// <param name="region">The region.</param>
    /// <param name="count">How many floats.</param>
    double SumOfSquares(Region region, long count);
}
