using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A product whose number of rows, or of rows that are summed over, is a parameter of its kernels.</summary>
/// <param name="Shape">Its size in one of the calls that share them.</param>
/// <param name="Operands">Its operands.</param>
internal sealed record CountedProduct(ProductShape Shape, CallOperands Operands)
{
    public const string SummedRows = "summedRows";

    /// <summary>
    /// What calls that share the kernels differ in: rows of the result, or rows that are summed over. Other dimensions are those of
    /// weights.
    /// </summary>
    public KernelSize Size => SizeOf(Shape);

    /// <param name="product">The product.</param>
    /// <param name="patches">The patches that its left operand's rows are; null where they are rows.</param>
    /// <param name="call">The call.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public static CountedProduct Of(Product product, SlidingPatch? patches, Call call, KernelOptions options)
    {
        var operands = new CallOperands(call, options.Aligned);
        ProductShape shape = ShapeOf(product, patches, operands);
        KernelOperand result = operands.Out(0);
        return new(shape, operands.WithRowCounts((position, operand) => IsCounted(position, operand) ? SizeOf(shape) : null));

        // The rows of an operand are those of the size where they are as many, one behind the other, and no weight's or bias's.
        bool IsCounted(int position, KernelOperand operand) => operand.HasOneStride && (shape.DepthPerImage
            ? position < 2
            : position != 1
                && (position > 0 || patches is null)
                && !(product.Epilogue.Bias && position == ProductOperation.BiasInput)
                && operand.Batched == result.Batched
                && operand.Rows == result.Rows);
    }

    /// <summary>The size of a product of rows.</summary>
    public static ProductShape ShapeOf(Product product, KernelOperand a, KernelOperand c) => product.Layout == ProductLayout.TN
        ? new(RowsPerImage: false, c.Rows, c.Columns, DepthPerImage: a.Batched, a.Rows)
        : new(RowsPerImage: a.Batched, a.Rows, c.Columns, DepthPerImage: false, a.Columns);

    private static ProductShape ShapeOf(Product product, SlidingPatch? patches, CallOperands operands)
    {
        KernelOperand a = operands.In(0), c = operands.Out(0);
        return patches is null
            ? ShapeOf(product, a, c)
            : new(a.Batched, patches.Patches, c.Columns, DepthPerImage: false, operands.In(1).Columns);
    }

    private static KernelSize SizeOf(ProductShape shape) => shape.DepthPerImage
        ? new(SummedRows, PerImage: true, shape.Depth)
        : new("rows", shape.RowsPerImage, shape.Rows);
}
