using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Gradients of attention on the tensor cores of NVIDIA's GPUs from SM_80 on, one text of PTX for the queries and one for each segment's
/// keys and values: what <see cref="TiledAttentionGradientKernel"/> has kernels for too, which compute the same on every other device.
/// </summary>
/// <remarks>
/// Each warp of a group has 16 queries and their outputs' gradients in registers, over which the keys and values pass; or 16 keys and
/// their values, over which the queries and their outputs' gradients do. Either way its weights and slopes are the left operand of what is
/// added up, as they are in <see cref="TensorAttentionKernel"/>.
/// </remarks>
internal sealed class TensorAttentionGradientKernel
{
    private const int BlockFloats = 4, DOutputInput = 0, LogSumInput = 2, QueryInput = 3, FirstKey = 4;

    /// <summary>What the name of scratch memory is as a matrix.</summary>
    private const string Scratch = "scratch";

    private readonly AttentionGradient _attention;
    private readonly CallOperands _operands;
    private readonly AttentionDelta _delta;
    private readonly TensorAttentionTile _tile;
    private readonly Precision _precision;
    private readonly int? _segment;
    private readonly bool _isSummed;

    private TensorAttentionGradientKernel(
        AttentionGradient attention, CallOperands operands, AttentionDelta delta, TensorAttentionTile tile, Precision precision,
        int? segment)
    {
        (_attention, _operands, _delta, _tile, _precision, _segment) = (attention, operands, delta, tile, precision, segment);
        _isSummed = operands.In(1).Batched && !Rows(0).Batched;
    }

    /// <summary>The kernel of the query's gradient, or of a segment's gradients; null where tensor cores have none.</summary>
    /// <param name="attention">The operation.</param>
    /// <param name="operands">The operands of its call.</param>
    /// <param name="delta">What slopes are reduced by.</param>
    /// <param name="segment">The segment; null for the query.</param>
    /// <param name="name">The kernel's name.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public static Kernel? Create(
        AttentionGradient attention, CallOperands operands, AttentionDelta delta, int? segment, string name, KernelOptions options)
    {
        if (options.TensorCores is not { } cores || attention.Biased)
            return null;
        KernelOperand rows = operands.In(segment is { } s ? FirstKey + (2 * s) : QueryInput);
        if (TensorAttentionTile.ChooseForGradient(rows.Rows, rows.Columns / attention.Heads, options.Limits.SharedBytes, cores.Precision)
            is not { } tile)
        {
            return null;
        }

        var kernel = new TensorAttentionGradientKernel(attention, operands, delta, tile, cores.Precision, segment);
        return kernel.Fits ? kernel.Create(name) : null;
    }

    private bool OfQueries => _segment is null;

    private int Columns => _tile.Columns;

    /// <summary>
    /// Whether values are in shared memory: with both gradients, split floats leave no registers for them beside the keys.
    /// </summary>
    private bool KeepsRows => !OfQueries && _precision == Precision.Float32;

    private int SharedBytes => _tile.SharedBytes + (KeepsRows ? _tile.RowBytes : 0);

    private double Scale => 1 / Math.Sqrt(Columns);

    private KernelOperand DOutput => _operands.In(DOutputInput);

    private KernelOperand LogSum => _operands.In(LogSumInput);

    private KernelOperand Query => _operands.In(QueryInput);

    /// <summary>What the call asks for: of the query, or of keys and values.</summary>
    private KernelOperand?[] Gradients =>
        _segment is { } s ? [_operands.Wanted(1 + (2 * s)), _operands.Wanted(2 + (2 * s))] : [_operands.Wanted(0)];

    private KernelOperand[] Inputs => _segment is { } s
        ? [DOutput, LogSum, Query, .. Segment(s)]
        : [DOutput, LogSum, Query, .. Enumerable.Range(0, _attention.Segments).SelectMany(Segment)];

    /// <summary>The matrices of the call that the kernel takes; where it sums over images, results go to scratch memory.</summary>
    private KernelOperand[] Operands => _isSummed ? Inputs : [.. Inputs, .. Gradients.OfType<KernelOperand>()];

    private string[] Arguments => [.. Operands.Select(o => o.Name), Scratch, .. _isSummed ? new[] { "batch" } : []];

    /// <summary>
    /// Whether there is such a kernel: not for a query that images share, for a segment's keys or values alone, for more segments than a
    /// text has arguments for, and for operands that cannot be read 16 bytes at a time.
    /// </summary>
    private bool Fits => Gradients.All(g => g is not null) && !(OfQueries && _isSummed)
        && Arguments.Length <= TensorAttentionKernel.MostArguments && Operands.All(PtxRows.Fits)
        && Operands.Where(o => o.Name != LogSum.Name).All(o => o.IsAlignedBy(TensorAttentionTile.CopiedFloats));

    private Kernel Create(string name)
    {
        KernelOperand rows = Rows(0);
        var groups = new GroupLaunch(
            _tile.Threads,
            1,
            SharedBytes / sizeof(float),
            new(PerImage: false, rows.Rows, _tile.Queries),
            new(PerImage: false, _attention.Heads, 1),
            _isSummed ? GroupCount.SharingImages(TiledAttentionGradientKernel.MostSlices)
                : DOutput.Batched ? GroupCount.OnePerImage : GroupCount.One);
        string of = OfQueries ? $"{rows.Name}'s gradient" : "the gradients of a segment's keys and values";
        string summary = $"{KernelOperand.Text(Gradients.OfType<KernelOperand>())} = {of} from {DOutput.Name}. "
            + $"On tensor cores, {_precision}: tiles of {_tile.Queries} and {_tile.Keys} for {_tile.Threads} threads.";
        return new(name + "OnTensorCores", summary, Operands, groups, WriteBody)
        {
            TakesAddresses = true,
            Scratch = _delta.Scratch,
        };
    }

    private void WriteBody(SourceWriter writer)
    {
        writer.Line("if (global::ILGPU.Runtime.Cuda.CudaAsm.IsSupported)");
        writer.Indented($"global::ILGPU.Runtime.Cuda.CudaAsm.Emit(@\"{Text()}\", {string.Join(", ", Arguments)});");
    }

    private string Argument(KernelOperand operand) => $"%{Array.IndexOf(Arguments, operand.Name)}";

    private IEnumerable<KernelOperand> Segment(int segment) =>
        [_operands.In(FirstKey + (2 * segment)), _operands.In(FirstKey + (2 * segment) + 1)];

    /// <summary>The matrices of which warps have rows in registers.</summary>
    private KernelOperand Rows(int number) =>
        _segment is { } s ? _operands.In(FirstKey + (2 * s) + number) : number == 0 ? Query : DOutput;

    /// <summary>The matrices whose lines pass over them.</summary>
    private (KernelOperand First, KernelOperand Second)[] Lines => _segment is null
        ? [.. Enumerable.Range(0, _attention.Segments).Select(s => Segment(s).ToArray()).Select(pair => (pair[0], pair[1]))]
        : [(Query, DOutput)];

    private string Text()
    {
        var ptx = new PtxWriter(SharedBytes);
        var rows = new TensorRows(ptx, _tile, _attention.Heads, Rows(0).Rows, Argument);
        var lines = new TensorLines(ptx, _tile, Lines);
        var products = new TensorRowBlock(ptx, _precision);
        var stages = new TensorStages(ptx, _tile, lines);
        var mask = new TensorMask(ptx);
        string[] scores = ptx.Floats("score", BlockFloats * _tile.Keys / TensorTile.BlockColumns),
            slopes = ptx.Floats("slope", BlockFloats * _tile.Keys / TensorTile.BlockColumns);
        int count = BlockFloats * Columns / TensorTile.BlockColumns;
        string[][] results = [.. new[] { "firstResult", "secondResult" }.Take(Gradients.Length).Select(name => ptx.Floats(name, count))];
        var sums = new TensorSums(ptx, LogSum, _delta.AsMatrix(Scratch), _delta.Start, Scale, OfQueries ? null : _tile.Keys);

        rows.WritePlace();
        ptx.Line("mov.u32 image, %%ctaid.z;");
        lines.WriteSetUp();
        Func<int, string[]> first = rows.WriteLoad(products, Rows(0), "rowFirst"), second = KeepsRows
            ? rows.WriteLoadToShared(products, Rows(1), "rowSecond", _tile.SharedBytes)
            : rows.WriteLoad(products, Rows(1), "rowSecond");
        int parts = Columns / products.Depth;
        if (OfQueries)
            sums.WriteOfRows(rows);
        products.WriteStart();
        mask.WriteStart();
        ptx.Lines(results.SelectMany(r => r).Select(result => $"mov.f32 {result}, {PtxWriter.Literal(0)};"));
        if (_isSummed)
            ptx.Label("IMAGE");
        lines.WriteBases(rows.WriteAddress);
        if (!OfQueries)
            sums.WriteBases(rows);
        stages.WriteStart();
        stages.Write(firstLine =>
        {
            ptx.Comment("Scores, and the gradients of their weights.");
            products.WriteScores(parts, first, scores, (step, pair, registers) => lines.WriteLines(false, step, pair, registers));
            products.WriteScores(parts, second, slopes, (step, pair, registers) => lines.WriteLines(true, step, pair, registers));
            if (OfQueries)
                mask.Write(firstLine, _tile.Keys, lines.Count, scores);
            else
                sums.WriteOfLines(firstLine, lines.Count);
            sums.WriteSlopes(scores, slopes);
            ptx.Comment("What they add to the gradients.");
            products.WriteWeighted(slopes, results[0], (block, pair, registers) => lines.WriteTerms(false, block, pair, registers));
            if (!OfQueries)
                products.WriteWeighted(scores, results[1], (block, pair, registers) => lines.WriteTerms(true, block, pair, registers));
        });
        if (_isSummed)
        {
            string isNext = ptx.Predicate("nextImage");
            ptx.Comment("The group's next image, when all warps are done with this one.");
            ptx.Line($"bar.sync 0; add.u32 image, image, {TiledAttentionGradientKernel.MostSlices}; "
                + $"setp.lt.u32 {isNext}, image, %{Array.IndexOf(Arguments, "batch")}; @{isNext} bra IMAGE;");
        }

        rows.WritePlace();
        ptx.Line("mov.u32 image, %%ctaid.z;");
        for (int i = 0; i < results.Length; i++)
            WriteStore(ptx, rows, i, results[i]);
        return ptx.ToString();
    }

    private void WriteStore(PtxWriter ptx, TensorRows rows, int number, string[] results)
    {
        KernelOperand gradient = Gradients[number]!;
        if (!_isSummed)
        {
            rows.WriteStore(gradient, results);
            return;
        }

        // A slice of scratch memory for each group along z, those of one gradient behind those of another.
        var slice = new KernelOperand(Scratch, new(Batched: false, gradient.Rows, gradient.Columns, 0, gradient.Columns));
        long bytes = gradient.Layout.Shape.Count * sizeof(float);
        string place = ptx.Long(number == 0 ? "slice" : "secondSlice");
        rows.WriteStore(slice, results, address => ptx.Line(
            $"mul.wide.u32 {place}, image, {SourceWriter.Literal(bytes)}; add.s64 {address}, {address}, {place}; "
                + $"add.s64 {address}, {address}, {SourceWriter.Literal(number * TiledAttentionGradientKernel.MostSlices * bytes)};"));
    }
}
