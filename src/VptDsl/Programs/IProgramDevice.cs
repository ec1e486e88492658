namespace VptDsl.Programs;

/// <summary>
/// What every device does for every program: memory by region, and the optimiser. Generated interfaces add the operations.
/// </summary>
/// <remarks>Not thread-safe: <see cref="CompiledProgram"/> takes the device's turn before it calls.</remarks>
public interface IProgramDevice : IDisposable
{
    /// <summary>The device that computes.</summary>
    Device Device { get; }

    /// <summary>The number of images that operations with a batch work on.</summary>
    int Batch { get; set; }

    /// <summary>
    /// Floats at the end of <see cref="Region.Arena"/> that the device's operations take for themselves, with the present batch.
    /// </summary>
    long ScratchFloats { get; }

    /// <summary>Gives a region at least this many floats. Growing it loses what was in it; new memory is zero.</summary>
    void Reserve(Region region, long floats);

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

    /// <summary>Updates the trained parameters from their gradients; the optimiser's moments lie at the same offsets.</summary>
    /// <param name="count">How many floats <see cref="Region.Trained"/> has.</param>
    /// <param name="decayed">How many of them, from the first, decay.</param>
    /// <param name="update">The optimiser and its settings.</param>
    void Update(long count, long decayed, in OptimizerUpdate update);
}
