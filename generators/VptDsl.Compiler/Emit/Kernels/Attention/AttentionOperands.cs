namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The operands of attention or of its gradient as tiled kernels take them. How many queries and keys there are, how far apart they lie,
/// and whether images share them, are parameters: prompts of any number and of any origin share kernels.
/// </summary>
internal sealed class AttentionOperands
{
    private readonly CallOperands _operands;
    private readonly int _firstKey, _unit;

    /// <param name="operands">The operands of the call: segments are the last of its inputs, or a bias behind them.</param>
    /// <param name="heads">Heads, side by side in the columns.</param>
    /// <param name="firstKey">The position of the first segment's keys among the inputs: the query is before them.</param>
    public AttentionOperands(CallOperands operands, int heads, int firstKey)
    {
        Segments = (operands.Inputs.Count - firstKey) / 2;
        int end = firstKey + (2 * Segments);
        _operands = operands;
        _firstKey = firstKey;
        KernelOperand query = operands.In(firstKey - 1);
        var head = new HeadColumns(query, heads, "head");
        _unit = Enumerable.Range(firstKey, end - firstKey).Min(i => head.UnitOf(operands.In(i)));
        Query = OfQueries(query).WithStrides("query", head.UnitOf(query));
        Bias = end == operands.Inputs.Count ? null : BiasOf(operands.In(end), "bias");
    }

    public KernelOperand Query { get; }

    /// <summary>What is added to the scaled scores of the first segment's keys; null where there is nothing.</summary>
    public KernelOperand? Bias { get; }

    /// <summary>The bias as a list, or none.</summary>
    public IReadOnlyList<KernelOperand> BiasOrNone => Bias is null ? [] : [Bias];

    /// <summary>How many segments of keys and values there are.</summary>
    public int Segments { get; }

    /// <summary>The keys and values of all segments, as parameters.</summary>
    public IReadOnlyList<KernelOperand> KeysAndValues =>
    [
        .. Enumerable.Range(0, Segments).SelectMany(s => Segment(s, Segments == 1 ? "" : $"{s}")),
    ];

    /// <summary>An operand with a row for each query.</summary>
    public static KernelOperand OfQueries(KernelOperand operand) =>
        operand with { RowCount = new("queries", PerImage: false, operand.Rows), IsIndexedByImage = true };

    /// <summary>A bias, or its gradient: a row for each query.</summary>
    public static KernelOperand BiasOf(KernelOperand operand, string prefix) => operand with
    {
        RowCount = new("queries", PerImage: false, operand.Rows),
        RowStride = new(prefix + "Row", PerImage: false, operand.Layout.RowStride),
    };

    /// <summary>The keys and the values of one segment.</summary>
    public KernelOperand[] Segment(int segment) => Segment(segment, "");

    /// <summary>
    /// Writes what is to be done with the keys and values of each segment: once, in a loop, where there are more than one.
    /// </summary>
    public void ForEachSegment(SourceWriter writer, Action<KernelOperand, KernelOperand> body)
    {
        KernelOperand[] current = Segment(0, "");
        if (Segments == 1)
        {
            body(current[0], current[1]);
            return;
        }

        KernelOperand[][] segments = [.. Enumerable.Range(0, Segments).Select(s => Segment(s, $"{s}"))];
        using (writer.Block($"for (int segment = 0; segment < {Segments}; segment++)"))
        {
            string type = _unit == 4 ? "ArrayView<Float4>" : "ArrayView<float>";
            for (int i = 0; i < current.Length; i++)
                writer.Line($"{type} {current[i].InUnits(_unit).Name} = {OfSegment(s => segments[s][i].InUnits(_unit).Name)};");
            IReadOnlyList<KernelSize> sizes = KernelSize.Of(current);
            for (int i = 0; i < sizes.Count; i++)
                writer.Line($"int {sizes[i].Name} = {OfSegment(s => KernelSize.Of(segments[s])[i].Name)};");
            body(current[0], current[1]);
        }

        string OfSegment(Func<int, string> text) =>
            string.Concat(Enumerable.Range(0, Segments - 1).Select(s => $"segment == {s} ? {text(s)} : ")) + text(Segments - 1);
    }

    /// <summary>
    /// Adds the bias, where there is one, to products of the first segment's keys that still lack their scale. The thread's queries are
    /// in variables <c>query0</c>, <c>query1</c>, …; like keys, those beyond the last are taken for the last, and count for nothing.
    /// </summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="products">The thread's products.</param>
    /// <param name="tiles">How the group's threads share the tiles.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="ofAll">Whether this is written in the loop over all segments.</param>
    public void AddBias(SourceWriter writer, RegisterTile products, AttentionTiles tiles, KernelOperand keys, bool ofAll)
    {
        if (Bias is not { } bias)
            return;
        if (!ofAll || Segments == 1)
        {
            WriteSums();
            return;
        }

        using (writer.Block("if (segment == 0)"))
            WriteSums();

        void WriteSums() => products.ForEachRow(writer, (i, _, items) => string.Join("\n",
        [
            .. i > 0 ? [] : items.Select((c, j) => $"int key{j} = XMath.Min(firstKey + {c.Column}, {keys.RowsText} - 1);"),
            .. items.Select((c, j) => $"{c.Scalar} += {Element($"query{i}", $"key{j}")} * {tiles.Head.InverseScale};"),
        ]));

        string Element(string query, string key) => tiles.Head.BiasAt(bias, query, key, keys);
    }

    /// <summary>The gradients of a segment's keys and values, as far as they are wanted.</summary>
    /// <param name="dKeys">That of the keys.</param>
    /// <param name="dValues">That of the values.</param>
    /// <param name="unit">In what unit a gradient is written.</param>
    public static KernelOperand[] Gradients(KernelOperand? dKeys, KernelOperand? dValues, Func<KernelOperand, int> unit)
    {
        bool share = dKeys is not null && dValues is not null && HaveSameStrides(dKeys, dValues) && unit(dKeys) == unit(dValues);
        var gradients = new List<KernelOperand>();
        if (dKeys is not null)
            gradients.Add(OfKeys(dKeys, "dKeys", "").WithStrides("dKey", unit(dKeys)));
        if (dValues is not null)
            gradients.Add(OfKeys(dValues, "dValues", "").WithStrides(share ? "dKey" : "dValue", unit(dValues)));
        return [.. gradients];
    }

    private static bool HaveSameStrides(KernelOperand left, KernelOperand right) =>
        left.Layout.RowStride == right.Layout.RowStride && left.Layout.ImageStride == right.Layout.ImageStride
        && left.Batched == right.Batched;

    private static KernelOperand OfKeys(KernelOperand operand, string name, string number) => operand with
    {
        Name = name,
        RowCount = new($"key{number}Count", PerImage: false, operand.Rows),
    };

    /// <remarks>Keys and values have their strides in common where they are columns of one matrix, as they mostly are.</remarks>
    private KernelOperand[] Segment(int segment, string number)
    {
        int first = _firstKey + (2 * segment);
        bool share = Enumerable.Range(0, Segments)
            .All(s => HaveSameStrides(_operands.In(_firstKey + (2 * s)), _operands.In(_firstKey + (2 * s) + 1)));
        return
        [
            OfKeys(_operands.In(first), "keys" + number, number).WithStrides("key" + number, _unit),
            OfKeys(_operands.In(first + 1), "values" + number, number).WithStrides((share ? "key" : "value") + number, _unit),
        ];
    }
}
