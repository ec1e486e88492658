using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>What turns or moves the heads of tokens, and gates.</summary>
internal static class HeadCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw)
    {
        foreach (bool interleaved in new[] { false, true })
        {
            foreach (bool back in new[] { false, true })
            {
                string name = $"turned {(interleaved ? "pairs" : "halves")}{(back ? " back" : "")}";
                var rotate = new Rotate(interleaved, back);
                yield return draw.Case(name, rotate, [PerImage(5, 36), Shared(5, 24)]);
                yield return draw.Case(name + " of one head", rotate, [PerImage(3, 4), Shared(3, 8)]);
                yield return draw.Case(name + " of one row", rotate, [PerImage(1, 64), Shared(1, 64)]);
                yield return draw.Case(name + " of wide heads", rotate, [PerImage(3, 160), Shared(3, 160)]);
                yield return draw.Case(name + " without a batch", rotate, [Shared(5, 16), Shared(5, 16)]);
            }
        }

        yield return draw.Case("heads apart", new SplitHeads(3), [PerImage(5, 21)]);
        yield return draw.Case("heads of one row apart", new SplitHeads(4), [PerImage(1, 4)]);
        yield return draw.Case("heads apart without a batch", new SplitHeads(2), [Shared(3, 8)]);
        yield return draw.Case("heads together", new JoinHeads(3), [PerImage(15, 7)]);
        yield return draw.Case("heads of one row together", new JoinHeads(4), [PerImage(4, 1)]);
        yield return draw.Case("heads together without a batch", new JoinHeads(2), [Shared(6, 4)]);
        yield return draw.Case("product of elements", new Multiply(), [PerImage(5, 19), PerImage(5, 19)]);
        yield return draw.Case(
            "product of elements in place", new Multiply(), [PerImage(5, 19), PerImage(5, 19)], inPlace: true);
        yield return draw.Case("product of elements without a batch", new Multiply(), [Shared(3, 7), Shared(3, 7)]);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
