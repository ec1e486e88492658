using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>Products: those of every device's tests, and some in sizes around those of tiles on tensor cores.</summary>
internal static class TensorCoreCases
{
    /// <summary>In sizes around those of tiles, and a sum of many terms.</summary>
    public static IReadOnlyList<OperationCase> OfTiles { get; } = [.. Draw(new LayoutDraw(new Random(20401)))];

    /// <summary>The same of whole numbers that even 8 bits hold, so that every precision has exact products of them.</summary>
    public static IReadOnlyList<OperationCase> OfWholeNumbers { get; } =
    [
        .. OfTiles.Where(c => ((Product)c.Call.Operation).Epilogue.Activation is null)
            .Select(c => c with { Name = $"{c.Name}, of whole numbers", IsLarge = true }),
    ];

    public static IReadOnlyList<OperationCase> All { get; } =
        [.. OperationCases.All.Where(c => c.Call.Operation is Product), .. OfTiles, .. OfWholeNumbers];

    private static IEnumerable<OperationCase> Draw(LayoutDraw draw)
    {
        foreach ((int rows, int columns, int depth) in new[] { (1, 65, 16), (43, 63, 17), (64, 64, 15), (87, 131, 33) })
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

        yield return draw.Case(
            "linear over 3072 features",
            new Product(ProductLayout.NT, Epilogue.WithBias),
            [PerImage(2, 3072), Shared(9, 3072), Shared(1, 9)],
            [true, false]);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
