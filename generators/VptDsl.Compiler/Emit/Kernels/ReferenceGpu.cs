namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The device that tiles are chosen for, since it is not known when kernels are emitted: a data-centre GPU of 2020, NVIDIA's A100. Only
/// the order of estimates counts.
/// </summary>
internal static class ReferenceGpu
{
    public const int Multiprocessors = 108;

    /// <summary>Multiply-adds of a multiprocessor in a clock.</summary>
    public const double MultiplyAdds = 64;

    /// <summary>Instructions of a warp that a multiprocessor issues in a clock.</summary>
    public const double Issues = 4;

    /// <summary>Bytes of shared memory that a multiprocessor reads or writes in a clock.</summary>
    public const double SharedBytesAClock = 128;

    /// <summary>
    /// Bytes in a clock that a multiprocessor gets of what the second-level cache delivers: about half of its nominal 47.
    /// </summary>
    public const double CacheBytes = 24;

    /// <summary>Threads of a warp.</summary>
    public const int Warp = 32;

    /// <summary>Clocks until a group's first tiles are there, and until its results are on their way.</summary>
    public const double GroupStart = 1500;

    /// <summary>Images that a kernel is tuned for where it has one part for each: the paper trains with 64 and 128.</summary>
    public const int Images = 64;

    /// <summary>The share of what is not the bottleneck that comes on top of it: units overlap, but not wholly.</summary>
    private const double Exposed = 0.25;

    // What the groups on a multiprocessor share.
    private const int MostThreads = 2048, Registers = 65536, SharedBytes = 160 * 1024;

    /// <summary>Groups that a multiprocessor has room for: at least one.</summary>
    /// <param name="threads">Threads of a group.</param>
    /// <param name="registers">Registers of a thread.</param>
    /// <param name="sharedFloats">Floats of shared memory of a group.</param>
    public static int ResidentGroups(int threads, int registers, int sharedFloats) => Math.Max(1, Math.Min(
        MostThreads / threads,
        Math.Min(Registers / (registers * threads), SharedBytes / (sharedFloats * sizeof(float)))));

    /// <summary>The time of work that units of a multiprocessor do side by side.</summary>
    public static double Overlapped(params double[] clocks) => clocks.Max() + (Exposed * (clocks.Sum() - clocks.Max()));
}
