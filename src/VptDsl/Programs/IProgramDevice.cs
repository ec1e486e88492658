namespace VptDsl.Programs;

/// <summary>What every device does for every program: memory by region, and the optimiser. Generated interfaces add the operations.</summary>
public interface IProgramDevice : IDisposable
{
    /// <summary>The number of images that operations with a batch work on.</summary>
    int Batch { get; set; }

    /// <summary>Gives a region at least this many floats. Growing it loses what was in it; new memory is zero.</summary>
    void Reserve(Region region, long floats);

    /// <summary>Copies to the device.</summary>
    void Write(Slot destination, ReadOnlySpan<float> source);

    /// <summary>Waits for what was launched and copies from the device.</summary>
    void Read(Slot source, Span<float> destination);

    /// <summary>Updates consecutive trained parameters from their gradients; the optimiser's moments lie at the same offsets.</summary>
    /// <param name="start">The first float of <see cref="Region.Trained"/> to update.</param>
    /// <param name="count">How many floats.</param>
    /// <param name="update">The optimiser and its settings.</param>
    /// <param name="weightDecay">The decay of these parameters.</param>
    void Update(long start, long count, in OptimizerUpdate update, float weightDecay);
}
