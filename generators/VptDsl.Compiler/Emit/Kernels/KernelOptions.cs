using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What kernels are emitted for.</summary>
internal sealed record KernelOptions
{
    /// <summary>What every kernel of a user's model is emitted with.</summary>
    public static readonly KernelOptions Default = new();

    /// <summary>Groups of four threads, since ILGPU's simulator gives each simulated thread a thread of the CPU.</summary>
    public static readonly KernelOptions Small = new()
    {
        Product = new ProductTile(Rows: 8, Columns: 8, Depth: 4, ThreadRows: 4, ThreadColumns: 4, Slices: 1),
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

    /// <summary>No kernels at all: the model runs on the CPU alone.</summary>
    public static readonly KernelOptions None = new() { AreLeftOut = true };

    public bool AreLeftOut { get; private init; }

    /// <summary>What a device must have.</summary>
    public KernelLimits Limits { get; init; } = new(SharedBytes: 48 * 1024, GroupThreads: 256, Warp: 32);

    /// <summary>How products are computed on tensor cores; null where they have no kernels for them.</summary>
    public TensorCoreOptions? TensorCores { get; init; }

    /// <summary>The tile of every product; null to choose one for each shape.</summary>
    public ProductTile? Product { get; init; }

    /// <summary>The tile of attention; null to choose one for each width of a head.</summary>
    public AttentionTile? Attention { get; init; }

    /// <summary>The threads of every reduction; null to choose them by what is reduced.</summary>
    public ReductionTile? Reduction { get; init; }

    /// <summary>
    /// Says whether an operand of a call begins at a multiple of 16 bytes wherever the call is made; null where that is not known.
    /// </summary>
    public Func<Call, int, bool>? Aligned { get; init; }

    public bool IsUntiled { get; init; }

    /// <summary>What kernels of a model are emitted for: what it declares to be multiplied goes before what the build says.</summary>
    public KernelOptions For(ModelSpec spec) =>
        !AreLeftOut && spec.Precision is { } declared ? this with { TensorCores = new(declared) } : this;
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
/// <param name="Slices">
/// In how many parts the summed dimension is cut, each summed by groups of its own; or <see cref="ChosenSlices"/>.
/// </param>
internal sealed record ProductTile(int Rows, int Columns, int Depth, int ThreadRows, int ThreadColumns, int Slices)
{
    /// <summary>As <see cref="Slices"/>: as many as should be fastest for the shape.</summary>
    public const int ChosenSlices = 0;

    /// <summary>
    /// A thread that needs more registers leaves room for fewer than two groups of 256, which then wait for each other's barriers.
    /// </summary>
    private const int MostRegisters = 128;

    private const int AddressRegisters = 24;

    public int Threads => Rows / ThreadRows * (Columns / ThreadColumns);

    /// <summary>The rows as lines of the left operand's tiles.</summary>
    public TileSide RowSide => new(Rows, ThreadRows, Depth);

    /// <summary>The columns as lines of the right operand's tiles.</summary>
    public TileSide ColumnSide => new(Columns, ThreadColumns, Depth);

    /// <summary>Two tiles of each operand.</summary>
    public int SharedFloats => 2 * Depth * (RowSide.Pitch + ColumnSide.Pitch);

    /// <summary>
    /// Registers that a thread needs: its results, what it multiplies, what is on its way from global memory, and addresses.
    /// </summary>
    public int Registers =>
        (ThreadRows * ThreadColumns) + ThreadRows + ThreadColumns + ((Rows + Columns) * Depth / Threads) + AddressRegisters;

    /// <summary>Why the tile is none, in words that follow its name; null where kernels can be emitted for it.</summary>
    public string? Problem(KernelLimits limits) =>
        Threads > limits.GroupThreads ? $"which needs {Threads} threads, and a group has {limits.GroupThreads} at most"
        : !CanShareLoads(Rows) || !CanShareLoads(Columns) ? $"whose {Threads} threads cannot share out the loading of its tiles evenly"
        : SharedFloats * sizeof(float) > limits.SharedBytes
        ? $"which needs {SharedFloats * sizeof(float)} bytes of shared memory, and a group has {limits.SharedBytes} at most"
        : Registers > MostRegisters ? $"which needs some {Registers} registers for each thread, and {MostRegisters} is the most"
        : null;

    /// <summary>Whether the threads can share out the loading of lines of a tile evenly.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="contiguous">How many elements lie side by side in memory.</param>
    /// <param name="unit">Elements that a thread loads at a time.</param>
    public bool CanShare(int lines, int contiguous, int unit)
    {
        int items = lines * Depth / unit, run = contiguous / unit;
        return items % Threads == 0 && (Threads % run == 0 || run % Threads == 0);
    }

    /// <summary>Whether they can in whichever direction neighbours lie in memory.</summary>
    private bool CanShareLoads(int lines) => CanShare(lines, Depth, unit: 1) && CanShare(lines, lines, unit: 1);
}

/// <summary>The lines of one operand's tiles in shared memory.</summary>
/// <param name="Lines">Lines of a tile.</param>
/// <param name="ThreadLines">Lines that a thread multiplies.</param>
/// <param name="Depth">Elements of each line.</param>
internal sealed record TileSide(int Lines, int ThreadLines, int Depth)
{
    /// <summary>How the threads share the lines: in fours, which are read in one instruction, where they can.</summary>
    public LineShare Share { get; } = LineShare.InFours(Lines, ThreadLines);

    /// <summary>Depths lie this much further apart than there are lines, so that banks differ; reads of four stay aligned.</summary>
    public int Pitch => Lines + (Share.Unit == 4 ? 4 : Math.Max(1, 32 / Depth));
}

/// <summary>How attention is cut up.</summary>
/// <param name="Queries">Query rows of a group.</param>
/// <param name="Keys">Keys that are in shared memory at a time.</param>
/// <param name="Threads">Threads of a group: a square number.</param>
internal sealed record AttentionTile(int Queries, int Keys, int Threads)
{
    /// <summary>Threads along either side of the group.</summary>
    public int Side => (int)Math.Sqrt(Threads);
}

/// <summary>A group of threads that reduces rows by lines across, or columns by lines down.</summary>
/// <param name="Across">Threads side by side: those read neighbours. A power of two.</param>
/// <param name="Down">Threads below each other. A power of two.</param>
internal sealed record ReductionTile(int Across, int Down)
{
    public int Threads => Across * Down;
}
