using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Products whose operands begin at multiples of 16 bytes, so that their kernels load four floats at a time, with edges and without.</summary>
internal static class AlignedCases
{
    public static IEnumerable<OperationCase> Draw()
    {
        foreach ((int rows, int columns, int depth) in new[] { (5, 12, 8), (37, 68, 20), (331, 516, 36), (128, 256, 64) })
        {
            string size = $"{rows} × {columns} over {depth}, aligned";
            yield return Case($"linear {size}", ProductLayout.NT, PerImage(rows, depth), Shared(columns, depth));
            yield return Case($"input gradient {size}", ProductLayout.NN, PerImage(rows, depth), Shared(depth, columns));
        }

        foreach ((int rows, int columns, int depth) in new[] { (8, 12, 5), (44, 100, 37), (260, 132, 33) })
            yield return Case($"weight gradient {rows} × {columns} over {depth}, aligned", ProductLayout.TN, PerImage(depth, rows), PerImage(depth, columns));
    }

    /// <remarks>The first operand is part of a wider matrix, as the query is part of query, key and value.</remarks>
    private static OperationCase Case(string name, ProductLayout layout, Shape a, Shape b)
    {
        var product = new Product(layout, Epilogue.None);
        var call = new Call(
            product,
            EquatableArray.Of(Within(a, a.Columns + 8), Within(b, b.Columns)),
            EquatableArray.Of(new OptionalLayout(Within(product.InferShapes([a, b])[0]!, null)), new OptionalLayout(null)));
        return new(name, call, InPlace: false) { IsAligned = true };
    }

    private static Layout Within(Shape shape, int? rowStride)
    {
        int stride = rowStride ?? shape.Columns;
        return new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? (long)shape.Rows * stride : 0, stride);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
