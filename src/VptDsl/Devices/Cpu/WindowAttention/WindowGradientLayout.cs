namespace VptDsl.Devices.Cpu;

/// <summary>Where a thread keeps what: offsets in its scratch memory during the backward pass of attention in windows.</summary>
internal readonly struct WindowGradientLayout
{
    /// <summary>Lays out the memory for a call.</summary>
    public WindowGradientLayout(in WindowAttentionCall call, in WindowKeys keys)
    {
        int headDim = call.HeadDim;
        int panels = Panels.Count(call.QueriesOfWindow, MicroKernel.Columns);
        int rows = Math.Max(call.Places.Tokens, MicroKernel.Columns);
        long sums = (long)Panels.Count(headDim, MicroKernel.Columns) * MicroKernel.Columns;
        ScorePanel = (long)(keys.Rows + MicroKernel.Rows) * MicroKernel.Columns;

        long end = 0;
        KeyTokens = Take(ref end, keys.FloatsByToken);
        ValueTokens = Take(ref end, keys.FloatsByToken);
        KeyColumns = Take(ref end, keys.FloatsByColumn);
        Rows = Take(ref end, (long)rows * headDim);
        Queries = Take(ref end, (long)rows * headDim);
        Outputs = Take(ref end, (long)rows * headDim);
        Probabilities = Take(ref end, panels * ScorePanel);
        Scores = Take(ref end, panels * ScorePanel);
        PackedRows = Take(ref end, sums * call.QueriesOfWindow);
        Tile = Take(ref end, MicroKernel.Rows * MicroKernel.Columns);
        KeySums = Take(ref end, sums * Panels.Count(keys.Prompts, MicroKernel.Rows) * MicroKernel.Rows);
        ValueSums = Take(ref end, sums * Panels.Count(keys.Prompts, MicroKernel.Rows) * MicroKernel.Rows);
        BiasSums = Take(ref end, call.BiasGradient.IsPresent ? WindowBias.Floats(call.Places) : 0);
        Panel = Take(ref end, (long)headDim * MicroKernel.Columns);
        Results = Take(ref end, (long)(headDim + MicroKernel.Rows) * MicroKernel.Columns);
        LogSums = Take(ref end, MicroKernel.Columns);
        Deltas = Take(ref end, MicroKernel.Columns);
        Origins = Take(ref end, WindowScores.OriginFloats(call));
        Floats = end;
    }

    /// <summary>Keys packed by token.</summary>
    public long KeyTokens { get; }

    /// <summary>Values packed by token.</summary>
    public long ValueTokens { get; }

    /// <summary>Keys packed by column.</summary>
    public long KeyColumns { get; }

    /// <summary>A window's rows on their way.</summary>
    public long Rows { get; }

    /// <summary>A window's queries.</summary>
    public long Queries { get; }

    /// <summary>A window's output gradients.</summary>
    public long Outputs { get; }

    /// <summary>Probabilities, panels of [keys, queries].</summary>
    public long Probabilities { get; }

    /// <summary>The scores' gradients, panels of [keys, queries].</summary>
    public long Scores { get; }

    /// <summary>Floats from a panel of probabilities or scores to the next.</summary>
    public long ScorePanel { get; }

    /// <summary>Queries or output gradients as a packed right operand.</summary>
    public long PackedRows { get; }

    /// <summary>A tile of a product.</summary>
    public long Tile { get; }

    /// <summary>Tiles of the prompts' keys' gradients.</summary>
    public long KeySums { get; }

    /// <summary>Tiles of the prompts' values' gradients.</summary>
    public long ValueSums { get; }

    /// <summary>The position biases' gradients, as the scores lie.</summary>
    public long BiasSums { get; }

    /// <summary>A panel of queries or output gradients, packed by token.</summary>
    public long Panel { get; }

    /// <summary>A panel of the queries' gradients, transposed.</summary>
    public long Results { get; }

    /// <summary>The log-sums of a panel of queries.</summary>
    public long LogSums { get; }

    /// <summary>For a panel of queries, the sum over columns of output times output gradient.</summary>
    public long Deltas { get; }

    /// <summary>Where a window's tokens came from.</summary>
    public long Origins { get; }

    /// <summary>All floats together.</summary>
    public long Floats { get; }

    private static long Take(ref long end, long floats)
    {
        long start = end;
        end += CpuWorkers.RoundUp(floats);
        return start;
    }
}
