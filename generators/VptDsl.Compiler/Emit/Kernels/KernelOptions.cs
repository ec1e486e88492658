namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What kernels are emitted for.</summary>
internal sealed record KernelOptions
{
    /// <summary>What every kernel of a user's model is emitted with.</summary>
    public static readonly KernelOptions Default = new();

    /// <summary>Groups of four threads, since ILGPU's simulator gives each simulated thread a thread of the CPU.</summary>
    public static readonly KernelOptions Small = new()
    {
        Product = new ProductTile(Rows: 8, Columns: 8, Depth: 16, ThreadRows: 4, ThreadColumns: 4, Slices: 1),
        Attention = new AttentionTile(Queries: 8, Keys: 8, Threads: 4),
        Reduction = new ReductionTile(Across: 2, Down: 2),
    };

    /// <summary>Tiles so small that the smallest shapes have several, and edges.</summary>
    public static readonly KernelOptions Tiny = new()
    {
        Product = new ProductTile(Rows: 4, Columns: 4, Depth: 4, ThreadRows: 2, ThreadColumns: 2, Slices: 2),
        Attention = new AttentionTile(Queries: 4, Keys: 4, Threads: 4),
        Reduction = new ReductionTile(Across: 2, Down: 2),
    };

    /// <summary>One thread for each element of a result, nothing shared: what the tiled kernels are compared with.</summary>
    public static readonly KernelOptions Untiled = new() { IsUntiled = true };

    /// <summary>What a device must have.</summary>
    public KernelLimits Limits { get; init; } = new(SharedBytes: 48 * 1024, GroupThreads: 256, Warp: 32);

    /// <summary>The tile of every product; null to choose one for each shape.</summary>
    public ProductTile? Product { get; init; }

    /// <summary>The tile of attention; null to choose one for each width of a head.</summary>
    public AttentionTile? Attention { get; init; }

    /// <summary>The threads of every reduction; null to choose them by what is reduced.</summary>
    public ReductionTile? Reduction { get; init; }

    public bool IsUntiled { get; init; }
}

/// <summary>What a kernel may use. CUDA and OpenCL devices of the last ten years have as much.</summary>
/// <param name="SharedBytes">Shared memory of a group.</param>
/// <param name="GroupThreads">Threads of a group.</param>
/// <param name="Warp">Threads that run in step.</param>
internal sealed record KernelLimits(int SharedBytes, int GroupThreads, int Warp);

/// <summary>How a product is cut up.</summary>
/// <param name="Rows">Rows of the result that a group computes.</param>
/// <param name="Columns">Columns of the result that a group computes.</param>
/// <param name="Depth">How much of the summed dimension is in shared memory at a time.</param>
/// <param name="ThreadRows">Rows of the result that a thread keeps in registers.</param>
/// <param name="ThreadColumns">Columns of the result that a thread keeps in registers.</param>
/// <param name="Slices">In how many parts the summed dimension is cut, each summed by groups of its own.</param>
internal sealed record ProductTile(int Rows, int Columns, int Depth, int ThreadRows, int ThreadColumns, int Slices)
{
    public int Threads => Rows / ThreadRows * (Columns / ThreadColumns);

    /// <summary>Lines of a tile in shared memory lie this much further apart than they are long, so that banks differ.</summary>
    public int Padding => Math.Max(1, 32 / Depth);

    /// <summary>Two tiles of each operand.</summary>
    public int SharedFloats => 2 * Depth * (Rows + Columns + (2 * Padding));
}

/// <summary>How attention is cut up.</summary>
/// <param name="Queries">Query rows of a group.</param>
/// <param name="Keys">Keys that are in shared memory at a time.</param>
/// <param name="Threads">Threads of a group: a square number.</param>
internal sealed record AttentionTile(int Queries, int Keys, int Threads);

/// <summary>A group of threads that reduces rows by lines across, or columns by lines down.</summary>
/// <param name="Across">Threads side by side: those read neighbours. A power of two.</param>
/// <param name="Down">Threads below each other. A power of two.</param>
internal sealed record ReductionTile(int Across, int Down)
{
    public int Threads => Across * Down;
}
