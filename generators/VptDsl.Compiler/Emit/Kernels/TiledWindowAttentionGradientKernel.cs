using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradients of attention in windows by tiles: a kernel each for queries, tokens, prompts and position biases. The weights of a tile
/// are computed anew from the saved sums.
/// </summary>
/// <remarks>
/// What a window has by itself, its queries or its tokens, is computed by groups for each window. What all windows of an image share
/// is summed by a group for the image. What all images share is a sum over the windows of all images: groups sum every so-many-th window
/// each into scratch memory, and a last kernel adds their sums up in order.
/// </remarks>
internal sealed class TiledWindowAttentionGradientKernel
{
    private const int Query = 3, Key = 4, Bias = 6;

    private readonly WindowAttention _attention;
    private readonly CallOperands _operands;
    private readonly WindowTiles _tiles;

    private TiledWindowAttentionGradientKernel(WindowAttention attention, CallOperands operands, WindowTiles tiles) =>
        (_attention, _operands, _tiles) = (attention, operands, tiles);

    private enum Span
    {
        Window,
        Image,
        Batch,
    }

    private KernelOperand DOutput => _operands.In(0);

    private SharedTile[] Shared => [_tiles.QueryTile, _tiles.DOutputTile, _tiles.KeyTile, _tiles.ValueTile, _tiles.ScoreTile];

    private int SharedFloats => Shared.Sum(t => t.Floats) + _tiles.PartialFloats + _tiles.BiasFloats;

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static IReadOnlyList<Kernel>? Create(WindowAttentionGradient gradient, Call call, string name, KernelOptions options)
    {
        WindowAttention attention = gradient.Forward;
        var operands = new CallOperands(call);
        int tokens = attention.Grid.TokensOfWindow, promptKey = Query + attention.PromptKey;
        int prompts = attention.OverPrompts ? operands.In(promptKey).Rows : 0;
        var kernels = new List<Kernel>();
        bool isPossible =
            Add("Queries", new(tokens, prompts), [Query], (k, n, targets) => k.ForQueries(n, targets[0]!))
            && Add("Tokens", new(tokens, 0), [Key, Key + 1], (k, n, targets) => k.ForKeys(n, targets))
            && (attention.OfPrompts || Add("Bias", new(tokens, 0), [Bias], (k, n, targets) => k.ForBias(n, targets[0]!)))
            && (prompts == 0 || Add("Prompts", new(0, prompts), [promptKey, promptKey + 1], (k, n, targets) => k.ForKeys(n, targets)));
        return isPossible ? kernels : null;

        bool Add(
            string part,
            WindowKeys keys,
            int[] inputs,
            Func<TiledWindowAttentionGradientKernel, string, IReadOnlyList<KernelOperand?>, IEnumerable<Kernel>> create)
        {
            KernelOperand?[] targets = [.. inputs.Select(i => operands.Wanted(i - Query))];
            if (targets.All(t => t is null))
                return true;
            AttentionTile? tile = options.Attention ?? TileModel.ChooseWindows(
                WindowTiles.QueriesOf(attention, operands.In(Query)), keys.Count, tile => KernelOf(tile).SharedFloats, options.Limits);
            if (tile is null)
                return false;
            kernels.AddRange(create(KernelOf(tile), name + part, targets));
            return true;

            TiledWindowAttentionGradientKernel KernelOf(AttentionTile tile) => new(attention, operands, new(attention, operands, Query, keys, tile, name + part));
        }
    }

    private IEnumerable<Kernel> ForQueries(string name, KernelOperand dQuery)
    {
        Span span = !_attention.OfPrompts ? Span.Window : dQuery.Batched ? Span.Image : Span.Batch;
        return Kernels(name, [dQuery], span, _tiles.QueryTiles, slices => writer =>
        {
            WriteStart(writer, span, "firstQuery", _tiles.QueryTiles, _tiles.Tile.Queries);
            RegisterTile sums = _tiles.Rows("g", _tiles.Tile.Queries);
            sums.Declare(writer);
            ForEachWindow(writer, span, slices, () =>
            {
                WriteQueries(writer, isRepeated: span != Span.Window);
                ForEachTile(writer, "firstKey", _tiles.Keys.Count, _tiles.Tile.Keys, () =>
                {
                    _tiles.LoadKeys(writer);
                    writer.Line("Group.Barrier();");
                    WriteWeights(writer);
                    WriteSlopes(writer);
                    StoreScores(writer, "p");
                    sums.Multiply(writer, "k", _tiles.Tile.Keys, row => _tiles.ScoreTile.At(row, "k"), column => _tiles.KeyTile.At("k", column));
                });
            });
            string row(string item) => _attention.OfPrompts ? item : _tiles.Token(item);
            WriteStore(writer, sums, dQuery, _tiles.Queries, "firstQuery", row, span, 0, slices, _tiles.Head.Scale);
        });
    }

    private IEnumerable<Kernel> ForKeys(string name, IReadOnlyList<KernelOperand?> targets)
    {
        KernelOperand[] written = [.. targets.OfType<KernelOperand>()];
        Span span = _tiles.Keys.Tokens > 0 ? Span.Window : written[0].Batched ? Span.Image : Span.Batch;
        return Kernels(name, written, span, _tiles.KeyTiles, slices => writer =>
        {
            WriteStart(writer, span, "firstKey", _tiles.KeyTiles, _tiles.Tile.Keys);
            _tiles.LoadKeys(writer);
            RegisterTile dKey = _tiles.Rows("dk", _tiles.Tile.Keys), dValue = _tiles.Rows("dv", _tiles.Tile.Keys);
            foreach ((RegisterTile sums, KernelOperand? target) in new[] { (dKey, targets[0]), (dValue, targets[1]) })
            {
                if (target is not null)
                    sums.Declare(writer);
            }

            ForEachWindow(writer, span, slices, () => ForEachTile(writer, "firstQuery", _tiles.Queries, _tiles.Tile.Queries, () =>
            {
                WriteQueries(writer, isRepeated: false);
                WriteWeights(writer);
                if (targets[1] is not null)
                {
                    StoreScores(writer, "s");
                    dValue.Multiply(writer, "q", _tiles.Tile.Queries, row => _tiles.ScoreTile.At("q", row), column => _tiles.DOutputTile.At("q", column));
                }

                if (targets[0] is null)
                    return;
                WriteSlopes(writer);
                if (targets[1] is not null)
                    writer.Line("Group.Barrier();");
                StoreScores(writer, "p");
                dKey.Multiply(writer, "q", _tiles.Tile.Queries, row => _tiles.ScoreTile.At("q", row), column => _tiles.QueryTile.At("q", column));
            }));
            string row(string item) => _tiles.Keys.Tokens > 0 ? _tiles.Token(item) : item;
            if (targets[0] is { } keyTarget)
                WriteStore(writer, dKey, keyTarget, _tiles.Keys.Count, "firstKey", row, span, 0, slices, _tiles.Head.Scale);
            if (targets[1] is { } valueTarget)
                WriteStore(writer, dValue, valueTarget, _tiles.Keys.Count, "firstKey", row, span, written.Length - 1, slices, null);
        });
    }

    /// <remarks>A thread has some relative positions, and adds up the slopes of the pairs at each of them, query by query.</remarks>
    private IEnumerable<Kernel> ForBias(string name, KernelOperand dBias)
    {
        WindowGrid grid = _attention.Grid;
        int each = (grid.RelativePositions + _tiles.Tile.Threads - 1) / _tiles.Tile.Threads;
        string at = _attention.Heads == 1 ? "" : " + head";
        string Position(int i) => i == 0 ? "thread" : $"(thread + {i * _tiles.Tile.Threads})";
        return Kernels(name, [dBias], Span.Batch, parts: 1, slices => writer =>
        {
            WriteStart(writer, Span.Batch, null, parts: 1, each: 0);
            writer.Line();
            writer.Line("// The sums of this thread's relative positions.");
            for (int i = 0; i < each; i++)
                writer.Line($"float sum{i} = 0;");
            ForEachWindow(writer, Span.Batch, slices, () => ForEachTile(writer, "firstQuery", _tiles.Queries, _tiles.Tile.Queries, () =>
            {
                WriteQueries(writer, isRepeated: false);
                ForEachTile(writer, "firstKey", _tiles.Keys.Count, _tiles.Tile.Keys, () =>
                {
                    _tiles.LoadKeys(writer);
                    writer.Line("Group.Barrier();");
                    WriteWeights(writer);
                    WriteSlopes(writer);
                    StoreScores(writer, "p");
                    using (writer.Block($"for (int q = 0; q < {_tiles.Tile.Queries}; q++)"))
                    {
                        for (int i = 0; i < each; i++)
                            writer.Line($"sum{i} += {name}Slope(firstQuery + q, firstKey, q, {Position(i)}, {_tiles.ScoreTile.Name});");
                    }
                });
            }));
            writer.Line();
            for (int i = 0; i < each; i++)
            {
                writer.Line($"if ({Position(i)} < {grid.RelativePositions})");
                writer.Indented($"scratch[(Grid.IdxZ * {grid.RelativePositions}L + {Position(i)}) * {dBias.Columns}{at}] = sum{i};");
            }
        }, writer => WriteSlopeFunction(writer, name));
    }

    private void WriteSlopeFunction(SourceWriter writer, string name)
    {
        WindowGrid grid = _attention.Grid;
        _tiles.WriteFunctions(writer);
        writer.Line();
        writer.Summary("The slope of a query's score with the key at a relative position; zero where none is in the tile.");
        using (writer.Block($"private static float {name}Slope(int query, int firstKey, int row, int position, ArrayView<float> {_tiles.ScoreTile.Name})"))
        {
            writer.Line($"int keyY = query / {grid.Window} - position / {grid.Offsets} + {grid.Window - 1};");
            writer.Line($"int keyX = query % {grid.Window} - position % {grid.Offsets} + {grid.Window - 1};");
            writer.Line($"int column = keyY * {grid.Window} + keyX - firstKey;");
            string isThere = $"query < {grid.TokensOfWindow} && keyY >= 0 && keyY < {grid.Window} && keyX >= 0 && keyX < {grid.Window}";
            writer.Line($"return {isThere} && column >= 0 && column < {_tiles.Tile.Keys} ? {_tiles.ScoreTile.At("row", "column")} : 0;");
        }
    }

    /// <summary>The kernel of the groups, and one that adds up slices where there are any.</summary>
    private IEnumerable<Kernel> Kernels(
        string name,
        IReadOnlyList<KernelOperand> targets,
        Span span,
        int parts,
        Func<int, Action<SourceWriter>> body,
        Action<SourceWriter>? functions = null)
    {
        bool isSummed = span == Span.Batch;
        int slices = isSummed ? TileModel.WindowSlices(parts * _attention.Heads, _attention.Grid.Windows) : 1;
        long elements = targets[0].Layout.Shape.Count;
        ScratchSize? scratch = isSummed ? new(PerImage: false, targets.Count * slices * elements) : null;
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            SharedFloats,
            new(PerImage: false, span == Span.Window ? parts * _attention.Grid.Windows : parts, 1),
            new(PerImage: false, _attention.Heads, 1),
            isSummed ? new(PerImage: false, slices, 1) : GroupCount.OnePerImage);
        string text = $"{string.Join(", ", targets.Select(t => $"{t.Name} {t.Layout.Shape}"))} = gradients from {DOutput.Name}.";
        IReadOnlyList<KernelOperand> operands = isSummed ? _operands.Inputs : [.. _operands.Inputs, .. targets];
        yield return new(isSummed ? name + "Slices" : name, $"{text} {_tiles.Text}", operands, groups, body(slices))
        {
            Scratch = scratch,
            WriteFunctions = functions ?? _tiles.WriteFunctions,
        };
        if (!isSummed)
            yield break;
        yield return new(name, $"{text} Adds up the slices.", targets, new ThreadCount(PerImage: false, elements), writer =>
        {
            writer.Line($"int row = index / {targets[0].Columns}, column = index % {targets[0].Columns};");
            for (int t = 0; t < targets.Count; t++)
            {
                writer.Line($"float sum{t} = 0;");
                writer.Line($"for (int slice = 0; slice < {slices}; slice++)");
                writer.Indented($"sum{t} += scratch[(slice + {t * slices}) * {elements}L + index];");
                writer.Line($"{targets[t].At("row", "column")} = sum{t};");
            }
        })
        {
            Scratch = scratch,
        };
    }

    private void WriteStart(SourceWriter writer, Span span, string? first, int parts, int each)
    {
        _tiles.WriteStart(writer, Shared, "partials");
        if (span == Span.Window)
        {
            WindowTiles.WritePart(writer, first!, parts, each);
            return;
        }

        if (first is not null)
            writer.Line($"int {first} = Grid.IdxX * {each};");
        if (span == Span.Image)
            writer.Line("int image = Grid.IdxZ;");
    }

    /// <summary>Writes what is done for each window that the group sums over: one, those of an image, or every so-many-th of all.</summary>
    private void ForEachWindow(SourceWriter writer, Span span, int slices, Action body)
    {
        int windows = _attention.Grid.Windows;
        writer.Line();
        if (span == Span.Window)
        {
            body();
            return;
        }

        if (span == Span.Image)
        {
            using (writer.Block($"for (int window = 0; window < {windows}; window++)"))
                body();
            return;
        }

        using (writer.Block($"for (int place = Grid.IdxZ; place < {windows} * batch; place += {slices})"))
        {
            writer.Line($"int image = place / {windows}, window = place % {windows};");
            body();
        }
    }

    /// <summary>Writes a loop over tiles; before each, all threads have done with the one before.</summary>
    private static void ForEachTile(SourceWriter writer, string first, int count, int each, Action body)
    {
        using (writer.Block($"for (int {first} = 0; {first} < {count}; {first} += {each})"))
        {
            writer.Line("Group.Barrier();");
            body();
        }
    }

    /// <summary>
    /// Loads a tile of queries with the output's gradient, and declares for each of this thread's queries the saved sum, and what the output
    /// and its gradient add up to.
    /// </summary>
    private void WriteQueries(SourceWriter writer, bool isRepeated)
    {
        KernelOperand output = _operands.In(1), logSum = _operands.In(2);
        int queries = _tiles.Queries;
        if (isRepeated)
            writer.Line("Group.Barrier();");
        _tiles.LoadQueries(writer, DOutput);
        writer.Line("Group.Barrier();");
        for (int i = 0; i < _tiles.ThreadRows; i++)
        {
            string item = $"firstQuery + {_tiles.ThreadRow(i)}";
            writer.Line($"int outputRow{i} = {_tiles.OutputRow($"XMath.Min({item}, {queries - 1})")};");
            writer.Line($"float logSum{i} = {item} < {queries} ? {logSum.At($"outputRow{i}", _tiles.HeadIndex)} : 0, projection{i} = 0;");
        }

        using (writer.Block($"for (int d = threadColumn; d < {_tiles.Head.Count}; d += {_tiles.Side})"))
        {
            for (int i = 0; i < _tiles.ThreadRows; i++)
                writer.Line($"projection{i} += {_tiles.DOutputTile.At(_tiles.ThreadRow(i), "d")} * {output.At($"outputRow{i}", _tiles.Head.Column)};");
        }

        for (int i = 0; i < _tiles.ThreadRows; i++)
        {
            writer.Line($"{_tiles.Partial("partials", _tiles.ThreadRow(i))} = projection{i};");
            writer.Line($"projection{i} = 0;");
        }

        writer.Line("Group.Barrier();");
        _tiles.ForEachPartial(writer, "partials", (i, partial) => $"projection{i} += {partial};");
    }

    /// <summary>The weights of a thread's queries and keys. Queries that do not exist are zero, and so is what they add.</summary>
    private void WriteWeights(SourceWriter writer)
    {
        RegisterTile weights = _tiles.Scores("s");
        writer.Line();
        _tiles.WriteScores(writer, weights);
        weights.ForEachRow(writer, (i, _, items) => string.Join(" ", items.Select(c => $"{c.Scalar} = XMath.Exp({c.Scalar} - logSum{i});")));
    }

    /// <summary>The gradients of the scores whose weights are known.</summary>
    private void WriteSlopes(SourceWriter writer)
    {
        RegisterTile slopes = _tiles.Scores("p");
        _tiles.WriteProducts(writer, slopes, _tiles.DOutputTile, _tiles.ValueTile);
        slopes.ForEachRow(writer, (i, _, items) =>
            string.Join(" ", items.Select(c => $"{c.Scalar} = s{c.Scalar.Substring(1)} * ({c.Scalar} - projection{i});")));
    }

    private void StoreScores(SourceWriter writer, string name)
    {
        _tiles.Scores(name).ForEach(writer, (row, column, scalar) => $"{_tiles.ScoreTile.At(row, column)} = {scalar};");
        writer.Line("Group.Barrier();");
    }

    private void WriteStore(
        SourceWriter writer,
        RegisterTile sums,
        KernelOperand target,
        int count,
        string first,
        Func<string, string> rowOf,
        Span span,
        int place,
        int slices,
        string? scale)
    {
        string factor = scale is null ? "" : $" * {scale}";
        writer.Line();
        sums.ForEach(writer, (row, column, sum) =>
        {
            string item = $"({first} + {row})", at = _tiles.Head.At(column);
            string element = span == Span.Batch
                ? $"scratch[((Grid.IdxZ + {place * slices}) * {target.Rows}L + {item}) * {target.Columns} + {at}]"
                : target.At(rowOf(item), at);
            return $"if ({first} + {row} < {count}{_tiles.ColumnGuard(column)}) {element} = {sum}{factor};";
        });
    }
}
