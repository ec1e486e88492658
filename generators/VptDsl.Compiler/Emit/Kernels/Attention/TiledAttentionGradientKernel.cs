using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

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
    /// <summary>Groups at most that share a sum over images.</summary>
    public const int MostSlices = 16;

    private const int QueryInput = 3, FirstKey = 4;

    private readonly AttentionOperands _operands;
    private readonly KernelOperand _dOutput, _logSum;
    private readonly bool _isBatched;
    private readonly AttentionDelta _delta;
    private readonly int _registers;
    private readonly AttentionTiles _tiles;
    private readonly SharedTile _queries, _dOutputs, _keys, _values, _slopes, _weights;

    private TiledAttentionGradientKernel(CallOperands operands, AttentionDelta delta, int heads, AttentionShape shape, AttentionTile tile)
    {
        _operands = new(operands, heads, FirstKey);
        _dOutput = AttentionOperands.OfQueries(operands.In(0));
        _logSum = AttentionOperands.OfQueries(operands.In(2));
        _isBatched = operands.In(1).Batched;
        _delta = delta;
        _registers = AttentionModel.RegistersOf(shape, tile);
        _tiles = new(operands.In(QueryInput), heads, tile);
        _queries = _tiles.QueryTile("queryTile");
        _dOutputs = _tiles.QueryTile("dOutputTile");
        _keys = _tiles.KeyTile("keyTile");
        _values = _tiles.KeyTile("valueTile");
        _slopes = _tiles.ScoreTile("slopes");
        _weights = _tiles.ScoreTile("weights");
    }

    private KernelOperand Query => _operands.Query;

    private int Threads => _tiles.Tile.Threads;

    private int Queries => _tiles.Tile.Queries;

    private int Keys => _tiles.Tile.Keys;

    private SharedTile[] TilesOfQueries => [_queries, _dOutputs, _keys, _values, _slopes];

    private string TileText => $"Tiles of {Queries} queries and {Keys} keys for {Threads} threads.";

    private SharedTile[] TilesOfSegment(bool ofKeys) =>
        ofKeys ? [_queries, _dOutputs, _keys, _values, _slopes, _weights] : [_queries, _dOutputs, _keys, _weights];

    /// <param name="attention">The operation.</param>
    /// <param name="call">Its call.</param>
    /// <param name="name">What the kernels' names begin with.</param>
    /// <param name="options">What kernels are emitted for.</param>
    /// <param name="onTensorCores">Whether kernels on tensor cores take the place of those that have some.</param>
    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static IReadOnlyList<Kernel>? Create(
        AttentionGradient attention, Call call, string name, KernelOptions options, bool onTensorCores = false)
    {
        var operands = new CallOperands(call, options.Aligned);
        KernelOperand?[][] targets = [.. Enumerable.Range(0, attention.Segments).Select(s => TargetsOf(operands, s))];
        KernelOperand? dQuery = operands.Wanted(0);
        long slices = targets.Append([dQuery]).Max(t => ScratchOfSlices(operands, t));
        var delta = new AttentionDelta(
            AttentionOperands.OfQueries(operands.In(0)), AttentionOperands.OfQueries(operands.In(1)), attention.Heads, slices);
        var kernels = new List<Kernel>();

        // Values alone need no slopes.
        if (dQuery is not null || targets.Any(t => t[0] is not null))
            kernels.Add(delta.Kernel(name + "Delta", options));
        if (dQuery is not null)
        {
            if (Tiled(ShapeOfQueries(attention, operands), k => k.TilesOfQueries) is not { } tiled)
                return null;
            kernels.AddRange(tiled.ForQueries(name + "Query", dQuery, OnTensorCores(null, name + "Query")));
        }

        for (int s = 0; s < attention.Segments; s++)
        {
            if (targets[s] is [null, null])
                continue;
            if (Tiled(ShapeOfSegment(attention, operands, s), k => k.TilesOfSegment(targets[s][0] is not null)) is not { } tiled)
                return null;
            kernels.AddRange(
                tiled.ForSegment(name + "Segment", s, targets[s][0], targets[s][1], OnTensorCores(s, name + "Segment")));
        }

        return kernels;

        Kernel? OnTensorCores(int? segment, string part) =>
            onTensorCores ? TensorAttentionGradientKernel.Create(attention, operands, delta, segment, part, options) : null;

        TiledAttentionGradientKernel? Tiled(AttentionShape shape, Func<TiledAttentionGradientKernel, SharedTile[]> shared)
        {
            AttentionTile? tile = AttentionModel.Choose(shape, t => shared(KernelOf(t)).Sum(s => s.Floats), options);
            return tile is null ? null : KernelOf(tile);

            TiledAttentionGradientKernel KernelOf(AttentionTile tile) => new(operands, delta, attention.Heads, shape, tile);
        }
    }

    private static AttentionShape ShapeOfQueries(AttentionGradient attention, CallOperands operands)
    {
        int keys = Enumerable.Range(0, attention.Segments).Sum(s => operands.In(FirstKey + (2 * s)).Rows);
        return ShapeOf(attention, operands, operands.In(QueryInput), keys, scores: 2, sums: 1);
    }

    private static AttentionShape ShapeOfSegment(AttentionGradient attention, CallOperands operands, int segment)
    {
        KernelOperand keys = operands.In(FirstKey + (2 * segment));
        KernelOperand?[] targets = TargetsOf(operands, segment);
        return ShapeOf(attention, operands, keys, keys.Rows, scores: targets[0] is null ? 1 : 2, sums: targets.Count(t =>
            t is not null)) with
        {
            IsOfKeys = true,
        };
    }

    private static AttentionShape ShapeOf(
        AttentionGradient attention, CallOperands operands, KernelOperand differentiated, int keys, int scores, int sums)
    {
        KernelOperand query = operands.In(QueryInput);
        return new(operands.In(1).Batched, query.Rows, keys, attention.Heads, query.Columns / attention.Heads, scores, sums)
        {
            MostSlices = IsSummed(operands, differentiated) ? MostSlices : null,
        };
    }

    private static bool IsSummed(CallOperands operands, KernelOperand differentiated) => operands.In(1).Batched && !differentiated.Batched;

    /// <summary>
    /// In what unit a gradient is written: where it is a sum, the kernel that adds up slices writes it element by element.
    /// </summary>
    private int StoredUnit(KernelOperand gradient, bool isSummed) => isSummed ? 1 : _tiles.StoredUnit(gradient);

    /// <summary>
    /// An operand whose gradient is a sum over the images, or such a gradient: both are outside the loop over the images.
    /// </summary>
    private static KernelOperand SharedIf(bool isSummed, KernelOperand operand) => isSummed ? operand.OfAllImages() : operand;

    private bool IsSummed(KernelOperand differentiated) => _isBatched && !differentiated.Batched;

    /// <summary>The gradients of a segment's keys and values, as far as they are wanted.</summary>
    private static KernelOperand?[] TargetsOf(CallOperands operands, int segment) =>
    [
        operands.Wanted(1 + (2 * segment)),
        operands.Wanted(2 + (2 * segment)),
    ];

    private static long ScratchOfSlices(CallOperands operands, IEnumerable<KernelOperand?> targets)
    {
        KernelOperand[] wanted = [.. targets.OfType<KernelOperand>()];
        return wanted.Length > 0 && IsSummed(operands, wanted[0]) ? wanted.Sum(t => MostSlices * t.Layout.Shape.Count) : 0;
    }

    private IEnumerable<Kernel> ForQueries(string name, KernelOperand wanted, Kernel? onTensorCores)
    {
        bool isSummed = IsSummed(Query);
        KernelOperand query = SharedIf(isSummed, Query);
        KernelOperand dQuery = SharedIf(isSummed, AttentionOperands.OfQueries(wanted).WithStrides("dQuery", StoredUnit(wanted, isSummed)));
        string summary = $"{KernelOperand.Text([dQuery])} = {Query.Name}'s gradient from {_dOutput.Name}. {TileText}";
        KernelOperand[] inputs = [_dOutput, _logSum, query, .. _operands.KeysAndValues, .. _operands.BiasOrNone];
        return Kernels(name, summary, inputs, [dQuery], TilesOfQueries, Queries, isSummed, onTensorCores, (writer, targets) =>
        {
            writer.Line($"int firstQuery = Grid.IdxX * {Queries}{(isSummed ? "" : ", image = Grid.IdxZ")};");
            _queries.Load(writer, query, "firstQuery", _tiles.Head, Threads);
            if (!isSummed)
                WriteOfQueries(writer, hasSlopes: true);
            RegisterTile gradient = _tiles.OfQueries("g");
            gradient.Declare(writer);
            writer.Line();
            _operands.ForEachSegment(writer, (keys, values) => WriteKeys(writer, keys, values, gradient, isSummed));
            writer.Line();
            gradient.Store(writer, targets[0], _tiles.Head, row => $"firstQuery + {row} < {Query.RowsText}", row => $"firstQuery + {row}");
        });
    }

    private IEnumerable<Kernel> ForSegment(
        string name, int segment, KernelOperand? dKeys, KernelOperand? dValues, Kernel? onTensorCores)
    {
        bool isSummed = IsSummed(_operands.Segment(segment)[0]);
        KernelOperand[] pair = [.. _operands.Segment(segment).Select(operand => SharedIf(isSummed, operand))];
        KernelOperand keys = pair[0], values = pair[1];
        KernelOperand[] gradients =
        [
            .. AttentionOperands.Gradients(dKeys, dValues, g => StoredUnit(g, isSummed)).Select(g => SharedIf(isSummed, g)),
        ];
        string summary = $"{KernelOperand.Text(gradients)} = the gradients of a segment's keys and values from {_dOutput.Name}. {TileText}";
        KernelOperand[] inputs =
        [
            .. dKeys is null ? [_dOutput, _logSum, Query, keys] : new[] { _dOutput, _logSum, Query, keys, values },
            .. segment == 0 ? _operands.BiasOrNone : [],
        ];
        SharedTile[] tiles = TilesOfSegment(dKeys is not null);
        return Kernels(name, summary, inputs, gradients, tiles, Keys, isSummed, onTensorCores, (writer, targets) =>
            WriteSegment(
                writer, segment, keys, values, dKeys is null ? null : targets[0], dValues is null ? null : targets[targets.Count - 1],
                isSummed));
    }

    /// <summary>The kernel of the groups, and one that adds up their slices where they sum over images.</summary>
    /// <param name="name">What the kernels are called.</param>
    /// <param name="summary">What they compute.</param>
    /// <param name="inputs">What the groups read.</param>
    /// <param name="gradients">What they compute, all of the same shape.</param>
    /// <param name="tiles">What they have in shared memory.</param>
    /// <param name="each">Rows of the gradients that a group has.</param>
    /// <param name="isSummed">Whether they sum over images.</param>
    /// <param name="onTensorCores">What takes the place of the groups' kernel; null where nothing does.</param>
    /// <param name="write">
    /// Writes the groups' kernel after its declarations, given where the gradients go: where groups sum over images, into slices.
    /// </param>
    private IEnumerable<Kernel> Kernels(
        string name,
        string summary,
        IReadOnlyList<KernelOperand> inputs,
        IReadOnlyList<KernelOperand> gradients,
        IReadOnlyList<SharedTile> tiles,
        int each,
        bool isSummed,
        Kernel? onTensorCores,
        Action<SourceWriter, IReadOnlyList<KernelOperand>> write)
    {
        KernelOperand first = gradients[0];
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            tiles.Sum(t => t.Floats),
            new(PerImage: false, first.Rows, each),
            new(PerImage: false, _tiles.Heads, 1),
            isSummed ? GroupCount.SharingImages(MostSlices) : _isBatched ? GroupCount.OnePerImage : GroupCount.One);
        KernelOperand[] targets = isSummed ? [.. gradients.Select((g, i) => ScratchSlices.Operand(g, i))] : [.. gradients];
        KernelOperand[] operands = isSummed ? [.. inputs] : [.. inputs, .. gradients];
        yield return onTensorCores ?? new Kernel(isSummed ? name + "Slices" : name, summary, operands, groups, writer =>
        {
            foreach (SharedTile tile in tiles)
                tile.Declare(writer);
            for (int i = 0; isSummed && i < gradients.Count; i++)
                ScratchSlices.Declare(writer, targets[i], i * MostSlices);
            _tiles.WriteIndices(writer, inputs.Except(_operands.BiasOrNone).Concat(targets));
            write(writer, targets);
        })
        {
            Registers = _registers,
            Scratch = _delta.Scratch,
            Sizes = [.. KernelSize.Of([.. inputs, .. targets]).Concat(_delta.Sizes).Distinct()],
        };
        if (isSummed)
        {
            yield return ScratchSlices.Sum(name, gradients, MostSlices, $"XMath.Min({MostSlices}, batch)") with
            {
                Scratch = _delta.Scratch,
            };
        }
    }

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

    private void WriteSegment(
        SourceWriter writer, int segment, KernelOperand keys, KernelOperand values, KernelOperand? dKeys, KernelOperand? dValues,
        bool isSummed)
    {
        writer.Line($"int firstKey = Grid.IdxX * {Keys}{(isSummed ? "" : ", image = Grid.IdxZ")};");
        _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
        if (dKeys is not null)
            _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
        RegisterTile keyGradient = _tiles.OfKeys("dk"), valueGradient = _tiles.OfKeys("dv");
        if (dKeys is not null)
            keyGradient.Declare(writer);
        if (dValues is not null)
            valueGradient.Declare(writer);
        writer.Line();
        ForEachImage(writer, isSummed, WriteQueries);
        foreach ((RegisterTile sums, KernelOperand? target) in new[] { (keyGradient, dKeys), (valueGradient, dValues) })
        {
            if (target is null)
                continue;
            writer.Line();
            sums.Store(writer, target, _tiles.Head, row => $"firstKey + {row} < {keys.RowsText}", row => $"firstKey + {row}");
        }

        void WriteQueries()
        {
            using (writer.Block($"for (int firstQuery = 0; firstQuery < {Query.RowsText}; firstQuery += {Queries})"))
            {
                writer.Line("Group.Barrier();");
                _queries.Load(writer, Query, "firstQuery", _tiles.Head, Threads);
                WriteOfQueries(writer, dKeys is not null);
                writer.Line("Group.Barrier();");
                WriteSlopes(writer, segment, keys, dKeys is not null, dValues is not null);
                writer.Line("Group.Barrier();");
                if (dKeys is not null)
                    keyGradient.Multiply(writer, "q", Queries, _slopes.AsColumns, _queries.AsColumns);
                if (dValues is not null)
                    valueGradient.Multiply(writer, "q", Queries, _weights.AsColumns, _dOutputs.AsColumns);
            }
        }
    }

    /// <summary>Adds to the gradient of the queries what they have from a segment's keys.</summary>
    private void WriteKeys(SourceWriter writer, KernelOperand keys, KernelOperand values, RegisterTile gradient, bool isSummed)
    {
        ForEachImage(writer, isSummed, () =>
        {
            using (writer.Block($"for (int firstKey = 0; firstKey < {keys.RowsText}; firstKey += {Keys})"))
            {
                writer.Line("Group.Barrier();");
                if (isSummed)
                    WriteOfQueries(writer, hasSlopes: true);
                _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
                _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
                writer.Line("Group.Barrier();");
                WriteSlopes(writer, segment: null, keys, dKeys: true, weights: false);
                writer.Line("Group.Barrier();");
                gradient.Multiply(writer, "k", Keys, _slopes.AsRows, _keys.AsColumns);
            }
        });
    }

    /// <summary>Loads the output's gradient, and declares what is known of each of the thread's queries.</summary>
    private void WriteOfQueries(SourceWriter writer, bool hasSlopes)
    {
        _dOutputs.Load(writer, _dOutput, "firstQuery", _tiles.Head, Threads);
        for (int i = 0; i < _tiles.ThreadQueries; i++)
        {
            _tiles.WriteQuery(writer, i, Query);
            _delta.WriteOfQuery(writer, i, _logSum, $"query{i}", _tiles.HeadIndex, hasSlopes);
        }
    }

    /// <summary>The weights of a tile, and the gradients of its scores. Queries and keys that do not exist weigh nothing.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="segment">The keys' segment; null in a loop over all.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="dKeys">Whether to compute the scores' gradients.</param>
    /// <param name="weights">Whether to store the weights.</param>
    private void WriteSlopes(SourceWriter writer, int? segment, KernelOperand keys, bool dKeys, bool weights)
    {
        RegisterTile scores = _tiles.Scores("s"), slopes = _tiles.Scores("p");
        _tiles.WriteProducts(writer, scores, _queries, _keys);
        if (segment is null or 0)
            _operands.AddBias(writer, scores, _tiles, keys, ofAll: segment is null);
        if (dKeys)
            _tiles.WriteProducts(writer, slopes, _dOutputs, _values);
        scores.ForEachRow(writer, (i, row, items) => string.Join("\n", items.SelectMany(c =>
        {
            string isThere = $"firstQuery + {row} < {Query.RowsText} && firstKey + {c.Column} < {keys.RowsText}",
                slope = "p" + c.Scalar.Substring(1);
            var lines = new List<string> { $"{c.Scalar} = {isThere} ? XMath.Exp({c.Scalar} * {_tiles.Head.Scale} - logSum{i}) : 0;" };
            if (weights)
                lines.Add($"{_weights.At(row, c.Column)} = {c.Scalar};");
            if (dKeys)
                lines.Add($"{_slopes.At(row, c.Column)} = {c.Scalar} * ({slope} - delta{i}) * {_tiles.Head.Scale};");
            return lines;
        })));
    }
}
