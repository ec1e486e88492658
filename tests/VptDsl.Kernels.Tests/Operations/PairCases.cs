using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Two columns in the bits of one.</summary>
internal static class PairCases
{
    public const string Packed = "pairs packed", Unpacked = "pairs unpacked";

    public static IEnumerable<OperationCase> Draw(LayoutDraw draw)
    {
        yield return draw.Case(Packed, new PackPairs(), [PerImage(5, 38)]);
        yield return draw.Case("one pair packed", new PackPairs(), [PerImage(3, 2)]);
        yield return draw.Case("pairs of one row packed", new PackPairs(), [PerImage(1, 14)]);
        yield return draw.Case("pairs packed without a batch", new PackPairs(), [Shared(3, 6)]);
        yield return draw.Case(Unpacked, new UnpackPairs(), [PerImage(5, 19)]);
        yield return draw.Case("one pair unpacked", new UnpackPairs(), [PerImage(3, 1)]);
        yield return draw.Case("pairs of one row unpacked", new UnpackPairs(), [PerImage(1, 7)]);
        yield return draw.Case("pairs unpacked without a batch", new UnpackPairs(), [Shared(3, 3)]);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
