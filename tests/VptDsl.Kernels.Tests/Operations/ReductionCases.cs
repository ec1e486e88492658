using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Reductions of rows and columns with several groups, slices, and lines of threads that have nothing to do.</summary>
internal static class ReductionCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) => [.. Rows(draw), .. Columns(draw)];

    private static IEnumerable<OperationCase> Rows(LayoutDraw draw)
    {
        foreach (int columns in new[] { 1, 31, 64, 257, 1031 })
        {
            Shape x = PerImage(3, columns), weight = Shared(1, columns);
            yield return draw.Case($"layer norm of {columns} columns", new LayerNorm(1e-3), [x, weight, weight]);
            yield return draw.Case(
                $"layer norm gradient of {columns} columns", new LayerNormGradient(true), [x, x, PerImage(3, 2), weight, x], inPlace: true);
            Shape[] loss = [PerImage(1, columns), PerImage(1, 1), PerImage(1, 1), PerImage(1, 4)];
            yield return draw.Case($"loss of {columns} classes", new CrossEntropy(), loss);
            Shape[] binary = [PerImage(1, columns), PerImage(columns, 1), PerImage(1, 1)];
            yield return draw.Case($"binary loss of {columns} classes", new BinaryCrossEntropy(), binary);
            yield return draw.Case($"binary loss gradient of {columns} classes", new BinaryCrossEntropyGradient(), binary);
            yield return draw.Case($"loss gradient of {columns} classes", new CrossEntropyGradient(), loss);
        }

        yield return draw.Case(
            "layer norm of prompts of 129 columns", new LayerNorm(1e-3), [Shared(7, 129), Shared(1, 129), Shared(1, 129)]);
        yield return draw.Case("gate gradient of 1031 columns", new GateGradient(), [Shared(1, 1031), Shared(1, 1)]);
    }

    private static IEnumerable<OperationCase> Columns(LayoutDraw draw)
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (67, 1), (131, 33), (64, 64) })
        {
            Shape x = PerImage(rows, columns), prompts = Shared(rows, columns);
            string size = $"of {rows} rows and {columns} columns";
            yield return draw.Case($"layer norm parameter gradient {size}", new LayerNormParameterGradient(), [x, x, PerImage(rows, 2)]);
            yield return draw.Case(
                $"layer norm parameter gradient {size} without a batch",
                new LayerNormParameterGradient(),
                [prompts, prompts, Shared(rows, 2)]);
            yield return draw.Case($"sum {size}", new SumRows(), [x]);
            yield return draw.Case($"mean {size}", new MeanOfGroups(rows), [x]);
            yield return draw.Case($"sum over images {size}", new SumImages(), [x]);
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
