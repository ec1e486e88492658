using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradients of attention by tiles: a kernel for the queries, which passes over the keys, and one for each segment, which passes
/// over the queries. The weights of a tile are computed anew from the saved sums.
/// </summary>
/// <remarks>
/// The gradient of an operand without a batch is a sum over the images: groups sum every so-many-th image each, and a last kernel adds
/// their sums up in order. There are never more groups for a tile than images.
/// </remarks>
internal sealed class TiledAttentionGradientKernel
{
    private const int FirstKey = 4, MostSlices = 16;

    private readonly CallOperands _operands;
    private readonly AttentionTiles _tiles;
    private readonly SharedTile _queries, _dOutputs, _keys, _values, _slopes, _weights;
    private readonly string _name;

    public TiledAttentionGradientKernel(AttentionGradient attention, CallOperands operands, string name, AttentionTile tile)
    {
        _operands = operands;
        _name = name;
        _tiles = new(operands.In(3), attention.Heads, tile);
        _queries = _tiles.QueryTile("queryTile");
        _dOutputs = _tiles.QueryTile("dOutputTile");
        _keys = _tiles.KeyTile("keyTile");
        _values = _tiles.KeyTile("valueTile");
        _slopes = _tiles.ScoreTile("slopes");
        _weights = _tiles.ScoreTile("weights");
    }

    private KernelOperand DOutput => _operands.In(0);

    private KernelOperand Output => _operands.In(1);

    private KernelOperand LogSum => _operands.In(2);

    private KernelOperand Query => _operands.In(3);

    private int Threads => _tiles.Tile.Threads;

    private int Queries => _tiles.Tile.Queries;

    private int Keys => _tiles.Tile.Keys;

    /// <summary>The query's gradient.</summary>
    public IEnumerable<Kernel> ForQueries(KernelOperand dQuery)
    {
        bool isSummed = IsSummed(Query);
        SharedTile[] tiles = [_queries, _dOutputs, _keys, _values, _slopes];
        string summary = $"{dQuery.Name} {dQuery.Layout.Shape} = {Query.Name}'s gradient from {DOutput.Name}. {TileText}";
        return Kernels(_name + "Query", summary, _operands.Inputs, [dQuery], tiles, Queries, isSummed, writer =>
        {
            WriteStart(writer, tiles, "firstQuery", Queries);
            if (Output.Batched && !isSummed)
                writer.Line("int image = Grid.IdxZ;");
            if (!isSummed)
                WriteProjections(writer, _keys);
            _queries.Load(writer, Query, "firstQuery", _tiles.Head, Threads);
            RegisterTile gradient = _tiles.Rows("g", Queries);
            gradient.Declare(writer);
            for (int i = FirstKey; i < _operands.Inputs.Count; i += 2)
                WriteKeys(writer, _operands.In(i), _operands.In(i + 1), gradient, isSummed);
            writer.Line();
            _tiles.WriteStore(writer, gradient, dQuery, "firstQuery", (_, value) => value, ElementOf(dQuery, isSummed, place: 0));
        });
    }

    /// <summary>The gradients of a segment's keys and values.</summary>
    public IEnumerable<Kernel> ForSegment(int segment, KernelOperand? dKeys, KernelOperand? dValues)
    {
        KernelOperand keys = _operands.In(FirstKey + (2 * segment)), values = _operands.In(FirstKey + (2 * segment) + 1);
        KernelOperand[] gradients = new[] { dKeys, dValues }.OfType<KernelOperand>().ToArray();
        bool isSummed = IsSummed(keys);
        string summary = $"{Text(gradients)} = the gradients of segment {segment} from {DOutput.Name}. {TileText}";
        SharedTile[] tiles = dKeys is null ? [_queries, _dOutputs, _keys, _weights] : [_queries, _dOutputs, _keys, _values, _slopes, _weights];
        KernelOperand[] inputs = dKeys is null ? [DOutput, LogSum, Query, keys] : [DOutput, Output, LogSum, Query, keys, values];
        return Kernels($"{_name}Segment{segment}", summary, inputs, gradients, tiles, Keys, isSummed, writer =>
            WriteSegment(writer, tiles, keys, values, dKeys, dValues, isSummed));
    }

    private bool IsSummed(KernelOperand differentiated) => Output.Batched && !differentiated.Batched;

    private static string Text(IEnumerable<KernelOperand> gradients) => string.Join(", ", gradients.Select(g => $"{g.Name} {g.Layout.Shape}"));

    /// <summary>The kernel of the groups, and one that adds up their slices where they sum over images.</summary>
    /// <param name="name">What the kernels are called.</param>
    /// <param name="summary">What they compute.</param>
    /// <param name="inputs">What the groups read.</param>
    /// <param name="gradients">What they compute, all of the same shape.</param>
    /// <param name="tiles">What they have in shared memory.</param>
    /// <param name="each">Rows of the gradients that a group has.</param>
    /// <param name="isSummed">Whether they sum over images.</param>
    /// <param name="write">Writes the groups' kernel.</param>
    private IEnumerable<Kernel> Kernels(
        string name,
        string summary,
        IReadOnlyList<KernelOperand> inputs,
        IReadOnlyList<KernelOperand> gradients,
        IEnumerable<SharedTile> tiles,
        int each,
        bool isSummed,
        Action<SourceWriter> write)
    {
        KernelOperand first = gradients[0];
        long elements = first.Layout.Shape.Count;
        ScratchSize? scratch = isSummed ? new(PerImage: false, gradients.Count * MostSlices * elements) : null;
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            tiles.Sum(t => t.Floats) + (2 * Queries),
            new(PerImage: false, first.Rows, each),
            new(PerImage: false, _tiles.Heads, 1),
            isSummed ? GroupCount.SharingImages(MostSlices) : Output.Batched ? GroupCount.OnePerImage : GroupCount.One);
        yield return new(isSummed ? name + "Slices" : name, summary, isSummed ? inputs : [.. inputs, .. gradients], groups, write)
        {
            Scratch = scratch,
        };
        if (!isSummed)
            yield break;
        yield return new(name, $"{Text(gradients)}: adds up the slices.", gradients, new ThreadCount(PerImage: false, elements), writer =>
        {
            writer.Line($"int row = index / {first.Columns}, column = index % {first.Columns}, slices = XMath.Min({MostSlices}, batch);");
            for (int g = 0; g < gradients.Count; g++)
            {
                writer.Line($"float sum{g} = 0;");
                writer.Line("for (int slice = 0; slice < slices; slice++)");
                writer.Indented($"sum{g} += scratch[(slice + {g * MostSlices}) * {elements}L + index];");
                writer.Line($"{gradients[g].At("row", "column")} = sum{g};");
            }
        })
        {
            Scratch = scratch,
        };
    }

    /// <summary>Where a group puts an element of a gradient: into its slice where it sums over images.</summary>
    private static Func<string, string, string> ElementOf(KernelOperand gradient, bool isSummed, int place) => (row, column) => isSummed
        ? $"scratch[((Grid.IdxZ + {place * MostSlices}) * {gradient.Rows}L + {row}) * {gradient.Columns} + {column}]"
        : gradient.At(row, column);

    /// <summary>Writes what is done for the group's image, or for each of its images where it sums over them.</summary>
    private static void ForEachImage(SourceWriter writer, bool isSummed, Action body)
    {
        if (!isSummed)
        {
            body();
            return;
        }

        using (writer.Block($"for (int image = Grid.IdxZ; image < batch; image += {MostSlices})"))
            body();
    }

    private string TileText => $"Tiles of {Queries} queries and {Keys} keys for {Threads} threads.";

    private void WriteSegment(
        SourceWriter writer, SharedTile[] tiles, KernelOperand keys, KernelOperand values, KernelOperand? dKeys, KernelOperand? dValues, bool isSummed)
    {
        WriteStart(writer, tiles, "firstKey", Keys);
        if (Output.Batched && !isSummed)
            writer.Line("int image = Grid.IdxZ;");
        _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
        if (dKeys is not null)
            _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
        RegisterTile keyGradient = _tiles.Rows("dk", Keys), valueGradient = _tiles.Rows("dv", Keys);
        if (dKeys is not null)
            keyGradient.Declare(writer);
        if (dValues is not null)
            valueGradient.Declare(writer);
        writer.Line();
        ForEachImage(writer, isSummed, WriteQueries);
        writer.Line();
        int place = 0;
        foreach ((RegisterTile sums, KernelOperand? target) in new[] { (keyGradient, dKeys), (valueGradient, dValues) })
        {
            if (target is not null)
                _tiles.WriteStore(writer, sums, target, "firstKey", (_, value) => value, ElementOf(target, isSummed, place++));
        }

        void WriteQueries()
        {
            using (writer.Block($"for (int firstQuery = 0; firstQuery < {Query.Rows}; firstQuery += {Queries})"))
            {
                writer.Line("Group.Barrier();");
                if (dKeys is not null)
                {
                    WriteProjections(writer, _queries);
                    writer.Line("Group.Barrier();");
                }
                else
                {
                    _dOutputs.Load(writer, DOutput, "firstQuery", _tiles.Head, Threads);
                    WriteLogSums(writer);
                }

                _queries.Load(writer, Query, "firstQuery", _tiles.Head, Threads);
                writer.Line("Group.Barrier();");
                WriteSlopes(writer, keys, dKeys is not null, dValues is not null);
                writer.Line("Group.Barrier();");
                if (dKeys is not null)
                    keyGradient.Multiply(writer, "q", Queries, row => _slopes.At("q", row), column => _queries.At("q", column));
                if (dValues is not null)
                    valueGradient.Multiply(writer, "q", Queries, row => _weights.At("q", row), column => _dOutputs.At("q", column));
            }
        }
    }

    /// <summary>Adds to the gradient of the queries what they have from a segment's keys.</summary>
    /// <remarks>
    /// The loop over images has no barrier of its own, so that an image's projections are computed with its first tile of keys: PoCL gave wrong
    /// results with barriers beside the loop over tiles.
    /// </remarks>
    private void WriteKeys(SourceWriter writer, KernelOperand keys, KernelOperand values, RegisterTile gradient, bool isSummed)
    {
        writer.Line();
        writer.Line($"// {keys.Name} {keys.Layout.Shape}, {values.Name} {values.Layout.Shape}");
        ForEachImage(writer, isSummed, () =>
        {
            using (writer.Block($"for (int firstKey = 0; firstKey < {keys.Rows}; firstKey += {Keys})"))
            {
                writer.Line("Group.Barrier();");
                if (isSummed)
                {
                    WriteProjections(writer, _keys, "firstKey == 0");
                    writer.Line("Group.Barrier();");
                }

                _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
                _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
                writer.Line("Group.Barrier();");
                WriteSlopes(writer, keys, dKeys: true, weights: false);
                writer.Line("Group.Barrier();");
                gradient.Multiply(writer, "key", Keys, row => _slopes.At(row, "key"), column => _keys.At("key", column));
            }
        });
    }

    private void WriteStart(SourceWriter writer, IEnumerable<SharedTile> tiles, string first, int tile)
    {
        foreach (SharedTile shared in tiles)
            shared.Declare(writer);
        AttentionTiles.WriteVector(writer, "projections", Queries);
        AttentionTiles.WriteVector(writer, "logSums", Queries);
        _tiles.WriteIndices(writer, first, tile);
    }

    /// <summary>Loads the output's gradient, and what it and the output add up to for each query; the output passes through another tile.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="borrowed">The other tile.</param>
    /// <param name="condition">What has to hold for it to be done, the same for all threads of the group; all of them pass the barrier in any case.</param>
    private void WriteProjections(SourceWriter writer, SharedTile borrowed, string? condition = null)
    {
        using (If())
        {
            _dOutputs.Load(writer, DOutput, "firstQuery", _tiles.Head, Threads);
            borrowed.Load(writer, Output, "firstQuery", _tiles.Head, Threads);
            WriteLogSums(writer);
        }

        writer.Line("Group.Barrier();");
        using (If())
        using (writer.Block($"for (int row = thread; row < {Queries}; row += {Threads})"))
        {
            writer.Line("float projection = 0;");
            writer.Line($"for (int d = 0; d < {_tiles.Columns}; d++)");
            writer.Indented($"projection += {_dOutputs.At("row", "d")} * {borrowed.At("row", "d")};");
            writer.Line("projections[row] = projection;");
        }

        SourceWriter.Scope? If() => condition is null ? null : writer.Block($"if ({condition})");
    }

    private void WriteLogSums(SourceWriter writer)
    {
        writer.Line($"for (int row = thread; row < {Queries}; row += {Threads})");
        writer.Indented($"logSums[row] = firstQuery + row < {Query.Rows} ? {LogSum.At("(firstQuery + row)", _tiles.HeadIndex)} : 0;");
    }

    /// <summary>The weights of a tile, and the gradients of its scores. Queries and keys that do not exist weigh nothing.</summary>
    private void WriteSlopes(SourceWriter writer, KernelOperand keys, bool dKeys, bool weights)
    {
        RegisterTile scores = _tiles.Scores("s"), slopes = _tiles.Scores("p");
        _tiles.WriteProducts(writer, scores, _queries, _keys);
        if (dKeys)
            _tiles.WriteProducts(writer, slopes, _dOutputs, _values);
        scores.ForEach(writer, (row, column, score) =>
        {
            string slope = "p" + score.Substring(1), isThere = $"firstQuery + {row} < {Query.Rows} && firstKey + {column} < {keys.Rows}";
            string weight = $"{score} = {isThere} ? XMath.Exp({score} * {_tiles.Head.Scale} - logSums[{row}]) : 0;";
            if (weights)
                weight += $"\n{_weights.At(row, column)} = {score};";
            return dKeys ? $"{weight}\n{_slopes.At(row, column)} = {score} * ({slope} - projections[{row}]) * {_tiles.Head.Scale};" : weight;
        });
    }
}
