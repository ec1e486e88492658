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
    private readonly Part _part;
    private readonly WindowTiles _tiles;
    private readonly AttentionDelta _delta;

    private TiledWindowAttentionGradientKernel(
        WindowAttention attention, CallOperands operands, Part part, WindowTiles tiles, AttentionDelta delta) =>
        (_attention, _operands, _part, _tiles, _delta) = (attention, operands, part, tiles, delta);

    /// <summary>Over what a kernel's groups sum.</summary>
    private enum Span
    {
        Window,
        Image,
        Batch,
    }

    private enum PartKind
    {
        Queries,
        Tokens,
        Bias,
        Prompts,
    }

    private KernelOperand DOutput => _operands.In(0);

    private KernelOperand LogSum => _operands.In(2);

    /// <summary>What kernels read of the call: not the output, whose part in the gradients is <see cref="AttentionDelta"/>.</summary>
    private IReadOnlyList<KernelOperand> Inputs => [DOutput, LogSum, .. _operands.Inputs.Skip(Query)];

    /// <summary>Parts of a window that groups of their own have.</summary>
    private int Parts => PartsOf(_part, _tiles);

    private int Slices => SlicesOf(_attention, _part, _tiles);

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static IReadOnlyList<Kernel>? Create(WindowAttentionGradient gradient, Call call, string name, KernelOptions options)
    {
        WindowAttention attention = gradient.Forward;
        var operands = new CallOperands(call, options.Aligned);
        Part[] parts = [.. PartsOf(attention, operands, name).Where(p => p.Written.Length > 0)];
        WindowTiles?[] tiles = [.. parts.Select(p => TilesOf(attention, operands, p, options))];
        if (tiles.Any(t => t is null))
            return null;
        long slices = parts.Select((p, i) => FloatsOfSlices(attention, p, tiles[i]!)).DefaultIfEmpty().Max();
        var delta = new AttentionDelta(operands.In(0), operands.In(1), attention.Heads, slices);
        var kernels =
            parts.SelectMany((p, i) => new TiledWindowAttentionGradientKernel(attention, operands, p, tiles[i]!, delta).Kernels()).ToList();
        if (parts.Any(p => p.HasSlopes))
            kernels.Insert(0, delta.Kernel(name + "Delta", options));
        return kernels;
    }

    private static IEnumerable<Part> PartsOf(WindowAttention attention, CallOperands operands, string name)
    {
        int tokens = attention.Grid.TokensOfWindow, promptKey = Query + attention.PromptKey;
        int prompts = attention.OverPrompts ? operands.In(promptKey).Rows : 0;
        yield return PartOf(PartKind.Queries, new(tokens, prompts), !attention.OfPrompts ? Span.Window : SpanOf(Query), Query);
        yield return PartOf(PartKind.Tokens, new(tokens, 0), Span.Window, Key, Key + 1);
        if (!attention.OfPrompts)
            yield return PartOf(PartKind.Bias, new(tokens, 0), Span.Batch, Bias);
        if (prompts > 0)
            yield return PartOf(PartKind.Prompts, new(0, prompts), SpanOf(promptKey), promptKey, promptKey + 1);

        Part PartOf(PartKind kind, KeySequence keys, Span span, params int[] inputs) =>
            new(kind, name + kind, keys, span, [.. inputs.Select(i => operands.Wanted(i - Query))]);

        Span SpanOf(int input) => operands.In(input).Batched ? Span.Image : Span.Batch;
    }

    private static WindowTiles? TilesOf(WindowAttention attention, CallOperands operands, Part part, KernelOptions options)
    {
        AttentionTile? tile = WindowTiles.Choose(attention, operands.In(Query), part.Keys, tile => SharedFloats(Of(tile)), options);
        return tile is null ? null : Of(tile);

        WindowTiles Of(AttentionTile tile) => new(attention, operands, Query, part.Keys, tile, part.Name);
    }

    private static SharedTile[] Shared(WindowTiles tiles) =>
    [
        tiles.QueryTile,
        tiles.DOutputTile,
        tiles.KeyTile,
        tiles.ValueTile,
        tiles.ScoreTile,
    ];

    private static int SharedFloats(WindowTiles tiles) => Shared(tiles).Sum(t => t.Floats) + tiles.BiasFloats;

    private static int PartsOf(Part part, WindowTiles tiles) => part.Kind switch
    {
        PartKind.Queries => tiles.QueryTiles,
        PartKind.Bias => 1,
        _ => tiles.KeyTiles,
    };

    private static int SlicesOf(WindowAttention attention, Part part, WindowTiles tiles) =>
        part.Span == Span.Batch ? TileModel.WindowSlices(PartsOf(part, tiles) * attention.Heads, attention.Grid.Windows) : 1;

    private static long FloatsOfSlices(WindowAttention attention, Part part, WindowTiles tiles) =>
        part.Span == Span.Batch ? SlicesOf(attention, part, tiles) * part.Written.Sum(t => t.Layout.Shape.Count) : 0;

    /// <summary>The kernel of the groups, and one that adds up slices where there are any.</summary>
    private IEnumerable<Kernel> Kernels()
    {
        bool isSummed = _part.Span == Span.Batch;
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            SharedFloats(_tiles),
            new(PerImage: false, _part.Span == Span.Window ? Parts * _attention.Grid.Windows : Parts, 1),
            new(PerImage: false, _attention.Heads, 1),
            isSummed ? new(PerImage: false, Slices, 1) : GroupCount.OnePerImage);
        string text = $"{string.Join(", ", _part.Written.Select(t => $"{t.Name} {t.Layout.Shape}"))} = gradients from {DOutput.Name}.";
        KernelOperand[] targets = isSummed ? [.. _part.Written.Select(ScratchSlices.Operand)] : _part.Written;
        yield return new(isSummed
            ? _part.Name + "Slices"
            : _part.Name, $"{text} {_tiles.Text}", isSummed ? Inputs : [.. Inputs, .. targets], groups, writer =>
        {
            for (int i = 0; isSummed && i < targets.Length; i++)
                ScratchSlices.Declare(writer, targets[i], i * Slices);
            _tiles.WriteStart(writer, Shared(_tiles), [.. Inputs, .. targets]);
            switch (_part.Kind)
            {
                case PartKind.Queries:
                    WriteQueries(writer, targets[0]);
                    break;
                case PartKind.Bias:
                    WriteBias(writer, targets[0]);
                    break;
                default:
                    WriteKeys(writer, _part.HasSlopes ? targets[0] : null, _part.Targets[1] is null ? null : targets[targets.Length - 1]);
                    break;
            }
        })
        {
            Scratch = _delta.Scratch,
            WriteFunctions = _part.Kind == PartKind.Bias ? WriteSlopeFunction : _tiles.WriteFunctions,
        };
        if (isSummed)
        {
            yield return ScratchSlices.Sum(_part.Name, _part.Written, Slices, SourceWriter.Literal(Slices)) with
            {
                Scratch = _delta.Scratch,
            };
        }
    }

    private void WriteQueries(SourceWriter writer, KernelOperand dQuery)
    {
        WritePlace(writer, "firstQuery", _tiles.Tile.Queries);
        RegisterTile sums = _tiles.Threads.OfQueries("g");
        sums.Declare(writer);
        ForEachWindow(writer, () =>
        {
            LoadQueries(writer, isRepeated: _part.Span != Span.Window);
            ForEachTile(writer, "firstKey", _tiles.Keys.Count, _tiles.Tile.Keys, () =>
            {
                _tiles.LoadKeys(writer);
                writer.Line("Group.Barrier();");
                WriteWeights(writer);
                WriteSlopes(writer);
                StoreScores(writer, "p");
                sums.Multiply(writer, "k", _tiles.Tile.Keys, _tiles.ScoreTile.AsRows, _tiles.KeyTile.AsColumns);
            });
        });
        WriteStore(writer, sums, dQuery, _tiles.Queries, "firstQuery", item => _attention.OfPrompts ? item : _tiles.Token(item));
    }

    private void WriteKeys(SourceWriter writer, KernelOperand? dKey, KernelOperand? dValue)
    {
        WritePlace(writer, "firstKey", _tiles.Tile.Keys);
        _tiles.LoadKeys(writer);
        RegisterTile keySums = _tiles.Threads.OfKeys("dk"), valueSums = _tiles.Threads.OfKeys("dv");
        if (dKey is not null)
            keySums.Declare(writer);
        if (dValue is not null)
            valueSums.Declare(writer);
        ForEachWindow(writer, () => ForEachTile(writer, "firstQuery", _tiles.Queries, _tiles.Tile.Queries, () =>
        {
            LoadQueries(writer, isRepeated: false);
            WriteWeights(writer);
            if (dValue is not null)
            {
                StoreScores(writer, "s");
                valueSums.Multiply(writer, "q", _tiles.Tile.Queries, _tiles.ScoreTile.AsColumns, _tiles.DOutputTile.AsColumns);
            }

            if (dKey is null)
                return;
            WriteSlopes(writer);
            if (dValue is not null)
                writer.Line("Group.Barrier();");
            StoreScores(writer, "p");
            keySums.Multiply(writer, "q", _tiles.Tile.Queries, _tiles.ScoreTile.AsColumns, _tiles.QueryTile.AsColumns);
        }));
        foreach ((RegisterTile sums, KernelOperand? target) in new[] { (keySums, dKey), (valueSums, dValue) })
        {
            if (target is not null)
                WriteStore(writer, sums, target, _tiles.Keys.Count, "firstKey", item => _tiles.Keys.Tokens > 0 ? _tiles.Token(item) : item);
        }
    }

    /// <remarks>A thread has some relative positions, and adds up the slopes of the pairs at each of them, query by query.</remarks>
    private void WriteBias(SourceWriter writer, KernelOperand dBias)
    {
        WindowGrid grid = _attention.Grid;
        int each = (grid.RelativePositions + _tiles.Tile.Threads - 1) / _tiles.Tile.Threads;
        string Position(int i) => i == 0 ? "thread" : $"(thread + {i * _tiles.Tile.Threads})";
        writer.Line();
        writer.Line("// The sums of this thread's relative positions.");
        for (int i = 0; i < each; i++)
            writer.Line($"float sum{i} = 0;");
        ForEachWindow(writer, () => ForEachTile(writer, "firstQuery", _tiles.Queries, _tiles.Tile.Queries, () =>
        {
            LoadQueries(writer, isRepeated: false);
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
                        writer.Line($"sum{i} += {SlopeMethod}(firstQuery + q, firstKey, q, {Position(i)}, {_tiles.ScoreTile.Name});");
                }
            });
        }));
        writer.Line();
        for (int i = 0; i < each; i++)
        {
            writer.Line($"if ({Position(i)} < {grid.RelativePositions})");
            writer.Indented($"{dBias.At(Position(i), _tiles.Threads.HeadIndex)} = sum{i};");
        }
    }

    private string SlopeMethod => _part.Name + "Slope";

    private void WriteSlopeFunction(SourceWriter writer)
    {
        WindowGrid grid = _attention.Grid;
        _tiles.WriteFunctions(writer);
        writer.Line();
        writer.Summary("The slope of a query's score with the key at a relative position; zero where none is in the tile.");
        using (writer.Block(
            $"private static float {SlopeMethod}(int query, int firstKey, int row, int position, "
                + $"ArrayView<float> {_tiles.ScoreTile.Name})"))
        {
            writer.Line($"int keyY = query / {grid.Window} - position / {grid.Offsets} + {grid.Window - 1};");
            writer.Line($"int keyX = query % {grid.Window} - position % {grid.Offsets} + {grid.Window - 1};");
            writer.Line($"int column = keyY * {grid.Window} + keyX - firstKey;");
            string isThere = $"query < {grid.TokensOfWindow} && keyY >= 0 && keyY < {grid.Window} && keyX >= 0 && keyX < {grid.Window}";
            writer.Line($"return {isThere} && column >= 0 && column < {_tiles.Tile.Keys} ? {_tiles.ScoreTile.At("row", "column")} : 0;");
        }
    }

    private void WritePlace(SourceWriter writer, string first, int each)
    {
        if (_part.Span == Span.Window)
            WindowTiles.WritePart(writer, first, Parts, each);
        else
            writer.Line($"int {first} = Grid.IdxX * {each}{(_part.Span == Span.Image ? ", image = Grid.IdxZ" : "")};");
    }

    /// <summary>Writes what is done for each window that the group sums over: one, those of an image, or every so-many-th of all.</summary>
    private void ForEachWindow(SourceWriter writer, Action body)
    {
        int windows = _attention.Grid.Windows;
        writer.Line();
        if (_part.Span == Span.Window)
        {
            body();
            return;
        }

        if (_part.Span == Span.Image)
        {
            using (writer.Block($"for (int window = 0; window < {windows}; window++)"))
                body();
            return;
        }

        using (writer.Block($"for (int place = Grid.IdxZ; place < {windows} * batch; place += {Slices})"))
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

    /// <summary>Loads a tile of queries with the output's gradient, and declares what is known of each of the thread's queries.</summary>
    private void LoadQueries(SourceWriter writer, bool isRepeated)
    {
        if (isRepeated)
            writer.Line("Group.Barrier();");
        _tiles.LoadQueries(writer, DOutput);
        for (int i = 0; i < _tiles.Threads.ThreadQueries; i++)
        {
            writer.Line($"int outputRow{i} = "
                + $"{_tiles.OutputRow($"XMath.Min(firstQuery + {_tiles.Threads.ThreadQuery(i)}, {_tiles.Queries - 1})")};");
            _delta.WriteOfQuery(writer, i, LogSum, $"outputRow{i}", _tiles.Threads.HeadIndex, _part.HasSlopes);
        }

        writer.Line("Group.Barrier();");
    }

    /// <summary>The weights of a thread's queries and keys. Queries that do not exist weigh nothing, nor do keys.</summary>
    private void WriteWeights(SourceWriter writer)
    {
        RegisterTile weights = _tiles.Threads.Scores("s");
        bool isWhole = _tiles.Queries % _tiles.Tile.Queries == 0;
        writer.Line();
        _tiles.WriteScores(writer, weights);
        weights.ForEachRow(writer, (i, row, items) => string.Join("\n", items.Select(c =>
        {
            string weight = $"XMath.Exp({c.Scalar} - logSum{i})";
            return $"{c.Scalar} = {(isWhole ? weight : $"firstQuery + {row} < {_tiles.Queries} ? {weight} : 0")};";
        })));
    }

    /// <summary>The gradients of the scores whose weights are known.</summary>
    private void WriteSlopes(SourceWriter writer)
    {
        RegisterTile slopes = _tiles.Threads.Scores("p");
        _tiles.Threads.WriteProducts(writer, slopes, _tiles.DOutputTile, _tiles.ValueTile);
        slopes.ForEachRow(writer, (i, _, items) =>
            string.Join(" ", items.Select(c => $"{c.Scalar} = s{c.Scalar.Substring(1)} * ({c.Scalar} - delta{i}){Scale};")));
    }

    /// <summary>
    /// What a slope is multiplied by, beside the gradient of its score: nothing for a position's bias, which is added to the score.
    /// </summary>
    private string Scale => _part.Kind == PartKind.Bias ? "" : $" * {_tiles.Head.Scale}";

    private void StoreScores(SourceWriter writer, string name)
    {
        _tiles.Threads.Scores(name).ForEach(writer, (row, column, scalar) => $"{_tiles.ScoreTile.At(row, column)} = {scalar};");
        writer.Line("Group.Barrier();");
    }

    private void WriteStore(
        SourceWriter writer, RegisterTile sums, KernelOperand target, int count, string first, Func<string, string> rowOf)
    {
        writer.Line();
        sums.Store(writer, target, _tiles.Head, row => $"{first} + {row} < {count}", row => rowOf($"{first} + {row}"));
    }

    /// <summary>What has a kernel of its own.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Name">The kernel's name.</param>
    /// <param name="Keys">The keys that it passes over, or whose gradients it computes.</param>
    /// <param name="Span">Over what its groups sum.</param>
    /// <param name="Targets">Its gradients, null where one is not wanted: of keys and values, or one.</param>
    private sealed record Part(PartKind Kind, string Name, KeySequence Keys, Span Span, KernelOperand?[] Targets)
    {
        public KernelOperand[] Written { get; } = [.. Targets.OfType<KernelOperand>()];

        /// <summary>Whether it takes the gradients of scores; values alone do not.</summary>
        public bool HasSlopes => Targets[0] is not null;
    }
}
