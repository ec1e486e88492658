using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Products and convolutions whose operands begin at multiples of 16 bytes, so that their kernels load four floats at a time, with edges and without.</summary>
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

        foreach ((SlidingWindow grid, int channels, int filters) in new (SlidingWindow, int, int)[] { (new(6, 3, 1, 1), 4, 5), (new(7, 3, 2, 1), 16, 68), (new(9, 2, 2, 0), 36, 129) })
        {
            string name = $"convolution {grid.Kernel} × {grid.Kernel} of {channels} channels, aligned";
            Shape map = PerImage(grid.Pixels, channels), weight = Shared(filters, grid.Taps * channels), bias = Shared(1, filters);
            yield return Case(name, new WindowProduct(grid, true, false), map, weight, bias);
        }
    }

    private static OperationCase Case(string name, ProductLayout layout, Shape a, Shape b) => Case(name, new Product(layout, Epilogue.None), a, b);

    /// <remarks>The first operand is part of a wider matrix, as the query is part of query, key and value.</remarks>
    private static OperationCase Case(string name, Operation operation, params Shape[] inputs)
    {
        Layout[] read = [.. inputs.Select((shape, i) => Within(shape, i == 0 ? shape.Columns + 8 : null))];
        OptionalLayout[] written = [.. operation.InferShapes(inputs).Select((shape, i) => new OptionalLayout(i == 0 ? Within(shape, null) : null))];
        return new(name, new Call(operation, read.ToEquatableArray(), written.ToEquatableArray()), InPlace: false) { IsAligned = true };
    }

    private static Layout Within(Shape shape, int? rowStride)
    {
        int stride = rowStride ?? shape.Columns;
        return new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? (long)shape.Rows * stride : 0, stride);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
