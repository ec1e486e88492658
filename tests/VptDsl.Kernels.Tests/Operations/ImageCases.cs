using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Operations on images and on maps of pixels.</summary>
internal static class ImageCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) => Borders(draw);

    private static IEnumerable<OperationCase> Borders(LayoutDraw draw)
    {
        yield return draw.Case("borders", new PadImages(3, 5, 2), [PerImage(15, 5), Shared(12, 9), Shared(15, 4)]);
        yield return draw.Case("borders of one pixel", new PadImages(1, 1, 1), [PerImage(1, 1), Shared(2, 3), Shared(1, 2)]);
        yield return draw.Case("borders wider than the image", new PadImages(2, 2, 5), [PerImage(4, 2), Shared(20, 12), Shared(4, 10)]);
        yield return draw.Case("gradient of borders and images", new PadImagesGradient(3, 5, 2), [PerImage(27, 9)]);
        yield return draw.Case("gradient of borders", new PadImagesGradient(2, 17, 1), [PerImage(38, 19)], [false, true, true]);
        yield return draw.Case("gradient of bordered images", new PadImagesGradient(2, 17, 1), [PerImage(38, 19)], [true, false, false]);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
