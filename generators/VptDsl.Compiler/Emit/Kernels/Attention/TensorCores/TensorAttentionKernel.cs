using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Attention on the tensor cores of NVIDIA's GPUs from SM_80 on, as one text of PTX.</summary>
/// <remarks>
/// Each warp of a group has 16 queries of a head, and keeps them and their results in registers, while tiles of keys and values pass
/// through shared memory. Weights are never in memory: what a lane has of a block of scores is what it needs of them as the left operand,
/// if every other key comes first (FlashAttention-2, Dao 2023). Beside it stands <see cref="TiledAttentionKernel"/>, which computes the
/// same on every other device.
/// </remarks>
internal sealed class TensorAttentionKernel
{
    /// <summary>Arguments that ILGPU passes to a text.</summary>
    public const int MostArguments = 10;

    private const int BlockFloats = 4;

    private readonly Attention _attention;
    private readonly CallOperands _operands;
    private readonly TensorAttentionTile _tile;
    private readonly Precision _precision;

    private TensorAttentionKernel(Attention attention, CallOperands operands, TensorAttentionTile tile, Precision precision) =>
        (_attention, _operands, _tile, _precision) = (attention, operands, tile, precision);

    private KernelOperand Query => _operands.In(0);

    private KernelOperand Output => _operands.Out(0);

    private KernelOperand? Bias => _attention.Biased ? _operands.In(_attention.Bias) : null;

    private int Columns => _tile.Columns;

    private double Scale => 1 / Math.Sqrt(Columns);

    /// <summary>
    /// The kernel of a call on tensor cores. Null for what has none: fewer than 16 queries, heads whose width is no multiple of 16 or too
    /// large for registers, more segments than a text has arguments for, and operands that cannot be read 16 bytes at a time.
    /// </summary>
    public static Kernel? Create(Attention attention, Call call, string name, KernelOptions options)
    {
        if (options.TensorCores is not { } cores)
            return null;
        var operands = new CallOperands(call, options.Aligned);
        KernelOperand query = operands.In(0);
        int columns = query.Columns / attention.Heads;
        bool fits = operands.All.Count <= MostArguments && operands.All.All(PtxRows.Fits)
            && operands.Inputs.Take(attention.Bias).Append(operands.Out(0)).All(o => o.IsAlignedBy(TensorAttentionTile.CopiedFloats));
        return fits && TensorAttentionTile.Choose(query.Rows, columns, options.Limits.SharedBytes, cores.Precision) is { } tile
            ? new TensorAttentionKernel(attention, operands, tile, cores.Precision).Create(call, name)
            : null;
    }

    private Kernel Create(Call call, string name)
    {
        var groups = new GroupLaunch(
            _tile.Threads,
            1,
            _tile.SharedBytes / sizeof(float),
            new(PerImage: false, Query.Rows, _tile.Queries),
            new(PerImage: false, _attention.Heads, 1),
            Output.Batched ? GroupCount.OnePerImage : GroupCount.One);
        string summary = $"{KernelFamilies.Summary(call, _operands)} On tensor cores, {_precision}: "
            + $"tiles of {_tile.Queries} queries and {_tile.Keys} keys for {_tile.Threads} threads.";
        return new(name + "OnTensorCores", summary, _operands.All, groups, WriteBody) { TakesAddresses = true };
    }

    private void WriteBody(SourceWriter writer)
    {
        writer.Line("if (global::ILGPU.Runtime.Cuda.CudaAsm.IsSupported)");
        writer.Indented(
            $"global::ILGPU.Runtime.Cuda.CudaAsm.Emit(@\"{Text()}\", {string.Join(", ", _operands.All.Select(o => o.Name))});");
    }

    private string Argument(KernelOperand operand) => $"%{_operands.All.TakeWhile(o => o.Name != operand.Name).Count()}";

    private string Text()
    {
        var ptx = new PtxWriter(_tile.SharedBytes);
        var rows = new TensorRows(ptx, _tile, _attention.Heads, Query.Rows, Argument);
        var keys = new TensorLines(
            ptx, _tile, [.. Enumerable.Range(0, _attention.Segments).Select(s => (_operands.In(1 + (2 * s)), _operands.In(2 + (2 * s))))]);
        var products = new TensorRowBlock(ptx, _precision);
        string[] scores = ptx.Floats("score", BlockFloats * _tile.Keys / TensorTile.BlockColumns),
            results = ptx.Floats("result", BlockFloats * Columns / TensorTile.BlockColumns);
        var softmax = new TensorSoftmax(ptx, scores, Scale);
        var mask = new TensorMask(ptx);
        var stages = new TensorStages(ptx, _tile, keys);
        TensorBias? bias = Bias is null ? null : new(ptx, rows, Bias, _operands.In(1).Rows, Scale);

        WritePlace(ptx, rows);
        keys.WriteSetUp();
        keys.WriteBases(rows.WriteAddress);
        stages.WriteStart();
        ptx.Comment("The warp's queries, while the first tile is copied.");
        Func<int, string[]> query = rows.WriteLoad(products, Query, "query");
        bias?.WriteStart();
        products.WriteStart();
        softmax.WriteStart();
        mask.WriteStart();
        ptx.Lines(results.Select(result => $"mov.f32 {result}, {PtxWriter.Literal(0)};"));
        stages.Write(first =>
        {
            ptx.Comment("Scores: queries by keys.");
            products.WriteScores(
                Columns / products.Depth, query, scores, (step, pair, registers) => keys.WriteLines(false, step, pair, registers));
            bias?.Write(first, scores);
            mask.Write(first, _tile.Keys, keys.Count, scores);
            softmax.WriteTile(results);
            ptx.Comment("Results: weights by values.");
            products.WriteWeighted(scores, results, (block, pair, registers) => keys.WriteTerms(true, block, pair, registers));
        });

        // Once more, so that none of it takes a register while tiles are multiplied.
        WritePlace(ptx, rows);
        softmax.WriteEnd(results);
        rows.WriteStore(Output, results);
        if (_operands.Wanted(1) is { } logSum)
            rows.WriteStoreOne(logSum, softmax.WriteLogSums());
        return ptx.ToString();
    }

    private static void WritePlace(PtxWriter ptx, TensorRows rows)
    {
        rows.WritePlace();
        ptx.Line("mov.u32 image, %%ctaid.z;");
    }
}
