using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>Products: those of every device's tests, and some in sizes around those of tiles on tensor cores.</summary>
internal static class TensorCoreCases
{
    public static IReadOnlyList<OperationCase> All { get; } =
    [
        .. OperationCases.All.Where(c => c.Call.Operation is Product),
        .. Draw(new LayoutDraw(new Random(20401))),
    ];

    private static IEnumerable<OperationCase> Draw(LayoutDraw draw)
    {
        foreach ((int rows, int columns, int depth) in new[] { (1, 65, 16), (43, 63, 17), (64, 64, 15), (129, 127, 31), (443, 515, 33) })
        {
            Shape a = PerImage(rows, depth), c = PerImage(rows, columns), bias = Shared(1, columns);
            string size = $"{rows} × {columns} over {depth}, by tensor cores' tiles";
            yield return draw.Case(
                $"linear {size}", new Product(ProductLayout.NT, Epilogue.WithBias), [a, Shared(columns, depth), bias], [true, false]);
            yield return draw.Case(
                $"linear and GELU onto a residual {size}",
                new Product(ProductLayout.NT, new(true, new Activate(ActivationKind.Gelu), true)),
                [a, Shared(columns, depth), bias, c]);
            yield return draw.Case(
                $"input gradient through GELU {size}",
                new Product(ProductLayout.NN, new(false, new ActivationGradient(ActivationKind.Gelu), true)),
                [a, Shared(depth, columns), c, c],
                [true, false]);
            yield return draw.Case(
                $"weight gradient {size}",
                new Product(ProductLayout.TN, new(false, null, true)),
                [PerImage(depth, rows), PerImage(depth, columns), Shared(rows, columns)],
                [true, false],
                inPlace: true);
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
