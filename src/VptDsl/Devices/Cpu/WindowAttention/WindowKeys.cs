namespace VptDsl.Devices.Cpu;

/// <summary>The keys, or values, that a window's queries read, packed: its own tokens, then the prompts. Either may be missing.</summary>
/// <param name="tokens">Tokens of the window.</param>
/// <param name="prompts">Prompts, the same for all windows of an image.</param>
/// <param name="headDim">Columns of a head.</param>
internal readonly unsafe struct WindowKeys(int tokens, int prompts, int headDim)
{
    /// <summary>Tokens of the window.</summary>
    public int Tokens => tokens;

    /// <summary>Prompts.</summary>
    public int Prompts => prompts;

    /// <summary>Keys of a query.</summary>
    public int Rows => tokens + prompts;

    /// <summary>Panels of keys; the prompts start a new one.</summary>
    public int PanelCount => Panels.Count(tokens, MicroKernel.Rows) + Panels.Count(prompts, MicroKernel.Rows);

    /// <summary>Floats of all keys with a token in each lane.</summary>
    public long FloatsByToken => (long)PanelCount * headDim * MicroKernel.Rows;

    /// <summary>Floats of all keys with a column in each lane.</summary>
    public long FloatsByColumn => (long)Panels.Count(headDim, MicroKernel.Rows) * Rows * MicroKernel.Rows;

    /// <summary>Packs tokens or prompts with a row in each lane: panels of [head dimension, <see cref="MicroKernel.Rows"/>].</summary>
    public void PackByToken(in Matrix rows, bool ofPrompts, float* panels)
    {
        int count = ofPrompts ? prompts : tokens;
        panels += ofPrompts ? (long)Panels.Count(tokens, MicroKernel.Rows) * headDim * MicroKernel.Rows : 0;
        for (int first = 0; first < count; first += MicroKernel.Rows)
        {
            Panels.FromRows(rows, first, count - first, 0, headDim, MicroKernel.Rows, panels);
            panels += (long)headDim * MicroKernel.Rows;
        }
    }

    /// <summary>
    /// Packs tokens or prompts with a column in each lane: panels of [<see cref="Rows"/>, <see cref="MicroKernel.Rows"/>].
    /// </summary>
    public void PackByColumn(in Matrix rows, bool ofPrompts, float* panels) => Panels.FromColumns(
        rows,
        0,
        headDim,
        0,
        ofPrompts ? prompts : tokens,
        MicroKernel.Rows,
        panels + (ofPrompts ? (long)tokens * MicroKernel.Rows : 0),
        (long)Rows * MicroKernel.Rows);

    /// <summary>
    /// products[key, lane] = the product of a key packed by token and of a packed query, [<see cref="Rows"/>,
    /// <see cref="MicroKernel.Columns"/>]; the memory needs room for <see cref="MicroKernel.Rows"/> more rows.
    /// </summary>
    public void Multiply(float* packed, float* packedQueries, int queries, float* products)
    {
        MultiplyPart(tokens, ref packed, packedQueries, queries, products);
        MultiplyPart(prompts, ref packed, packedQueries, queries, products + ((long)tokens * MicroKernel.Columns));
    }

    /// <summary>sums[column, lane] = the sum over keys, packed by column, of key and weight.</summary>
    public void Weigh(float* packed, float* weights, int queries, float* sums)
    {
        for (int d = 0; d < headDim; d += MicroKernel.Rows)
        {
            int columns = Math.Min(MicroKernel.Rows, headDim - d);
            MicroKernel.Run(columns, queries, Rows, LeftPanel.Packed(packed), weights, sums + (d * MicroKernel.Columns), accumulate: false);
            packed += (long)Rows * MicroKernel.Rows;
        }
    }

    // A tile's unwanted rows spill into the next part's place, which is filled later.
    private void MultiplyPart(int count, ref float* packed, float* packedQueries, int queries, float* products)
    {
        for (int first = 0; first < count; first += MicroKernel.Rows)
        {
            int wanted = Math.Min(MicroKernel.Rows, count - first);
            float* tile = products + ((long)first * MicroKernel.Columns);
            MicroKernel.Run(wanted, queries, headDim, LeftPanel.Packed(packed), packedQueries, tile, accumulate: false);
            packed += (long)headDim * MicroKernel.Rows;
        }
    }
}
