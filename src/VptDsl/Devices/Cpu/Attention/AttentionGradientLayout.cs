namespace VptDsl.Devices.Cpu;

/// <summary>Where a thread keeps what: offsets in its scratch memory during the backward pass of attention.</summary>
internal readonly struct AttentionGradientLayout
{
    // Queries whose probabilities are in memory at a time; more make longer sums for the keys' gradients, fewer stay nearer.
    private const int QueriesOfBlock = 64;

    /// <summary>Lays out the memory for a call.</summary>
    public AttentionGradientLayout(in AttentionKeys keys, int headDim, bool needsScores, bool needsQueries)
    {
        long tokens = (long)keys.Panels * headDim * MicroKernel.Rows;
        long rows = (long)Panels.Count(headDim, MicroKernel.Columns) * MicroKernel.Columns * BlockRows;
        long sums = (long)keys.Panels * MicroKernel.Rows * Panels.Count(headDim, MicroKernel.Columns) * MicroKernel.Columns;
        ScorePanel = (long)(keys.Rows + MicroKernel.Rows) * MicroKernel.Columns;
        long scores = ScorePanel * BlockPanels;

        long end = 0;
        KeyTokens = Take(ref end, tokens);
        ValueTokens = Take(ref end, needsScores ? tokens : 0);
        Probabilities = Take(ref end, scores);
        Scores = Take(ref end, needsScores ? scores : 0);
        Queries = Take(ref end, rows);
        Outputs = Take(ref end, rows);
        KeySums = Take(ref end, sums);
        ValueSums = Take(ref end, sums);
        Panel = Take(ref end, (long)headDim * MicroKernel.Columns);
        Results = Take(ref end, (long)(headDim + MicroKernel.Rows) * MicroKernel.Columns);
        LogSums = Take(ref end, MicroKernel.Columns);
        Deltas = Take(ref end, MicroKernel.Columns);
        Floats = end;
    }

    /// <summary>Panels of queries in a block.</summary>
    public static int BlockPanels => Math.Max(1, QueriesOfBlock / MicroKernel.Columns);

    /// <summary>Queries in a block.</summary>
    public static int BlockRows => BlockPanels * MicroKernel.Columns;

    /// <summary>Keys packed by token.</summary>
    public long KeyTokens { get; }

    /// <summary>Values packed by token.</summary>
    public long ValueTokens { get; }

    /// <summary>Probabilities, panels of [keys, queries].</summary>
    public long Probabilities { get; }

    /// <summary>The scores' gradients, panels of [keys, queries].</summary>
    public long Scores { get; }

    /// <summary>Floats from a panel of probabilities or scores to the next.</summary>
    public long ScorePanel { get; }

    /// <summary>A block's queries as a packed right operand.</summary>
    public long Queries { get; }

    /// <summary>A block's output gradients as a packed right operand.</summary>
    public long Outputs { get; }

    /// <summary>Tiles of the keys' gradients.</summary>
    public long KeySums { get; }

    /// <summary>Tiles of the values' gradients.</summary>
    public long ValueSums { get; }

    /// <summary>A panel of queries or output gradients, packed by token.</summary>
    public long Panel { get; }

    /// <summary>A panel of the queries' gradients, transposed.</summary>
    public long Results { get; }

    /// <summary>The log-sums of a panel of queries.</summary>
    public long LogSums { get; }

    /// <summary>For a panel of queries, the sum over columns of output times output gradient.</summary>
    public long Deltas { get; }

    /// <summary>All floats together.</summary>
    public long Floats { get; }

    private static long Take(ref long end, long floats)
    {
        long start = end;
        end += CpuWorkers.RoundUp(floats);
        return start;
    }
}
