using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Matrix products on the tensor cores of NVIDIA's GPUs from SM_80 on, as one text of PTX each.</summary>
/// <remarks>
/// A group's warps multiply tiles that lie in shared memory while the next two are on their way there (<c>cp.async</c>). Beside them stands
/// <see cref="TiledProductKernel"/>, which computes the same on every other device.
/// </remarks>
internal sealed class TensorProductKernel
{
    private readonly Product _product;
    private readonly ProductShape _shape;
    private readonly CallOperands _operands;
    private readonly IReadOnlyList<KernelOperand> _order;
    private readonly TensorTile _tile;
    private readonly Precision _precision;
    private readonly KernelSize _size;

    private TensorProductKernel(Product product, CountedProduct counted, TensorTile tile, Precision precision)
    {
        (_product, _tile, _precision) = (product, tile, precision);
        (_shape, _operands, _size) = (counted.Shape, counted.Operands, counted.Size);
        _order = _operands.All;
    }

    /// <summary>
    /// The kernel of a call on tensor cores. Null for what has none: what is no plain product, such as a convolution; products of few
    /// tiles; and matrices whose rows or images lie two gigabytes apart.
    /// </summary>
    public static Kernel? Create(Product product, Call call, string name, KernelOptions options)
    {
        if (options.TensorCores is not { } cores)
            return null;
        CountedProduct counted = CountedProduct.Of(product, patches: null, call, options);
        return counted.Operands.All.All(PtxRows.Fits) && (cores.Tile ?? TensorTile.Choose(counted.Shape, cores.Precision)) is { } tile
            ? new TensorProductKernel(product, counted, tile, cores.Precision).Create(name, call)
            : null;
    }

    private Kernel Create(string name, Call call)
    {
        var groups = new GroupLaunch(
            _tile.Threads,
            1,
            _tile.SharedBytes / sizeof(float),
            new(_shape.RowsPerImage, _shape.Rows, _tile.Rows),
            new(PerImage: false, _shape.Columns, _tile.Columns),
            GroupCount.One);
        string summary = $"{KernelFamilies.Summary(call, _operands)} On tensor cores, {_precision}: "
            + $"tiles of {_tile.Rows} × {_tile.Columns} for {_tile.Threads} threads.";
        return new(name + "OnTensorCores", summary, _order, groups, WriteBody) { TakesAddresses = true, Sizes = [_size] };
    }

    private void WriteBody(SourceWriter writer)
    {
        string arguments = string.Join(", ", _order.Select(o => o.Name).Append(_size.Name));
        writer.Line("if (global::ILGPU.Runtime.Cuda.CudaAsm.IsSupported)");
        writer.Indented($"global::ILGPU.Runtime.Cuda.CudaAsm.Emit(@\"{Text()}\", {arguments});");
    }

    private string Argument(KernelOperand operand) => $"%{_order.TakeWhile(o => o.Name != operand.Name).Count()}";

    private string Text()
    {
        var ptx = new PtxWriter(_tile.SharedBytes);
        var rows = new PtxRows(ptx);
        string size = $"%{_order.Count}", rowCount = _shape.DepthPerImage || _product.Layout == ProductLayout.TN
            ? SourceWriter.Literal(_shape.Rows)
            : size;
        string depth = _shape.DepthPerImage ? size : SourceWriter.Literal(_shape.Depth);
        bool guardsDepth = _shape.DepthPerImage || _shape.Depth % TensorTile.Depth != 0;
        var a = new TensorOperand(
            ptx, rows, _operands.In(0), _product.Layout != ProductLayout.TN, _tile,
            new(true, Argument(_operands.In(0)), _tile.Rows, "firstRow", rowCount, depth, guardsDepth, "warpDown", _tile.WarpRows, 0));
        var b = new TensorOperand(
            ptx, rows, _operands.In(1), _product.Layout == ProductLayout.NT, _tile,
            new(
                false, Argument(_operands.In(1)), _tile.Columns, "firstColumn", SourceWriter.Literal(_shape.Columns), depth, guardsDepth,
                "warpAcross", _tile.WarpColumns, _tile.Rows * TensorTile.Depth * sizeof(float)));
        var multiply = new TensorMultiply(ptx, _precision, _tile, a, b);
        var finish = new TensorFinish(ptx, rows, _product, _operands, _tile, Argument);

        foreach (string register in new[] { "thread", "lane", "warpDown", "warpAcross", "firstRow", "firstColumn" })
            ptx.Word(register);
        WritePlace(ptx);
        a.WriteSetUp();
        b.WriteSetUp();
        multiply.WriteZeros();
        WriteStages(ptx, a, b, multiply, depth);

        // Once more, so that none of it takes a register while tiles are multiplied.
        WritePlace(ptx);
        finish.Write(multiply.Sums, rowCount);
        return ptx.ToString();
    }

    private void WritePlace(PtxWriter ptx)
    {
        ptx.Comment("Which tile the group has, and which part of it the warp.");
        ptx.Line("mov.u32 thread, %%tid.x; and.b32 lane, thread, 31; shr.u32 warpAcross, thread, 5;");
        ptx.Line($"and.b32 warpDown, warpAcross, {_tile.WarpsDown - 1}; div.u32 warpAcross, warpAcross, {_tile.WarpsDown};");
        ptx.Line($"mov.u32 firstRow, %%ctaid.x; mul.lo.u32 firstRow, firstRow, {_tile.Rows};");
        ptx.Line($"mov.u32 firstColumn, %%ctaid.y; mul.lo.u32 firstColumn, firstColumn, {_tile.Columns};");
    }

    private void WriteStages(PtxWriter ptx, TensorOperand a, TensorOperand b, TensorMultiply multiply, string depth)
    {
        string reading = ptx.Word("reading"), writing = ptx.Word("writing"), step = ptx.Word("step"), steps = ptx.Word("steps"),
            next = ptx.Word("next");
        string isDue = ptx.Predicate("due");
        int end = TensorTile.Stages * _tile.StageBytes;
        ptx.Comment("Two stages on their way, then one is multiplied while another is copied to where the one before it was.");
        ptx.Line(_shape.DepthPerImage
            ? $"add.u32 {steps}, {depth}, {TensorTile.Depth - 1}; div.u32 {steps}, {steps}, {TensorTile.Depth};"
            : $"mov.u32 {steps}, {(_shape.Depth + TensorTile.Depth - 1) / TensorTile.Depth};");
        for (int stage = 0; stage < TensorTile.Stages - 1; stage++)
        {
            ptx.Line($"mov.u32 {writing}, {stage * _tile.StageBytes};");
            if (stage > 0)
                ptx.Line($"setp.le.u32 {isDue}, {steps}, {stage}; @{isDue} bra BEGIN{stage};");
            Copy();
            ptx.Label($"BEGIN{stage}").Line("cp.async.commit_group;");
        }

        ptx.Line($"mov.u32 {writing}, {(TensorTile.Stages - 1) * _tile.StageBytes}; mov.u32 {reading}, 0; mov.u32 {step}, 0;");
        ptx.Label("STEP");
        ptx.Line($"cp.async.wait_group {TensorTile.Stages - 2}; bar.sync 0;");
        ptx.Line($"add.u32 {next}, {step}, {TensorTile.Stages - 1}; setp.ge.u32 {isDue}, {next}, {steps}; @{isDue} bra COPIED;");
        Copy();
        ptx.Label("COPIED").Line("cp.async.commit_group;");
        a.WriteReadStage(reading);
        b.WriteReadStage(reading);
        multiply.Write();
        Advance(reading);
        Advance(writing);
        ptx.Line($"add.u32 {step}, {step}, 1; setp.lt.u32 {isDue}, {step}, {steps}; @{isDue} bra STEP;");
        ptx.Line("cp.async.wait_group 0;");

        void Copy()
        {
            a.WriteCopy(writing);
            b.WriteCopy(writing);
        }

        void Advance(string stage) => ptx.Line(
            $"add.u32 {stage}, {stage}, {_tile.StageBytes}; setp.eq.u32 {isDue}, {stage}, {end}; selp.b32 {stage}, 0, {stage}, {isDue};");
    }
}
