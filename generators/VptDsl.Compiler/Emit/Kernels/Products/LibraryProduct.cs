using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Emits the call of a device's own library of products, where it has one: for products without an epilogue whose operands are, with the
/// rows of all images taken together, matrices with one stride.
/// </summary>
internal static class LibraryProduct
{
    /// <summary>Whether a library can compute the call.</summary>
    public static bool Fits(Call call) =>
        call.Operation is Product { Epilogue: var epilogue } && epilogue == Epilogue.None
        && new CallOperands(call).All.All(o => o.HasOneStride);

    /// <summary>Writes the lines that call it and return.</summary>
    public static void Write(SourceWriter writer, Call call)
    {
        var product = (Product)call.Operation;
        var operands = new CallOperands(call);
        KernelOperand a = operands.In(0), b = operands.In(1), c = operands.Out(0);
        ProductShape shape = CountedProduct.ShapeOf(product, a, c);
        using (writer.Block("if (Library is { } library)"))
        {
            writer.Line($"var size = new ProductSize({Count(shape.RowsPerImage, shape.Rows)}, {shape.Columns}, "
                + $"{Count(shape.DepthPerImage, shape.Depth)});");
            writer.Line($"library.Multiply(Stream, size, {Matrix(a, product.Layout == ProductLayout.TN)}, "
                + $"{Matrix(b, product.Layout == ProductLayout.NT)}, {Matrix(c, isTransposed: false)});");
            writer.Line("return;");
        }
    }

    private static string Count(bool perImage, int count) =>
        !perImage ? SourceWriter.Literal(count) : count == 1 ? "Batch" : $"{count}L * Batch";

    private static string Matrix(KernelOperand operand, bool isTransposed)
    {
        Layout layout = operand.Layout;
        long stride = layout.Batched && layout.Rows == 1 ? layout.ImageStride : layout.RowStride;
        return $"new({CallText.Operand(operand.Name, layout)}, {stride}{(isTransposed ? ", IsTransposed: true" : "")})";
    }
}
