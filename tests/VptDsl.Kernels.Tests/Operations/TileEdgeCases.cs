using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Convolutions, windows and pixels in sizes around those of tiles and groups: one, primes, one more or less than a tile, several tiles.</summary>
internal static class TileEdgeCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) => [.. Convolutions(draw)];

    private static IEnumerable<OperationCase> Convolutions(LayoutDraw draw)
    {
        (int Size, int Kernel, int Stride, int Padding, int Channels, int Filters)[] sizes =
        [
            (1, 1, 1, 0, 1, 1), (1, 3, 1, 1, 16, 33), (6, 3, 1, 1, 15, 31), (11, 3, 1, 1, 17, 65), (9, 5, 3, 4, 2, 64), (13, 2, 2, 0, 32, 127), (23, 7, 2, 3, 3, 129),
        ];
        foreach ((int size, int kernel, int stride, int padding, int channels, int filters) in sizes)
        {
            var grid = new SlidingWindow(size, kernel, stride, padding);
            Shape[] operands = [PerImage(grid.Pixels, channels), Shared(filters, grid.Taps * channels), Shared(1, filters)];
            Shape result = PerImage(grid.Windows, filters);
            string name = $"convolution {kernel} × {kernel} of {channels} channels of a map of {size}";
            yield return draw.Case(name, new WindowProduct(grid, false), operands);
            yield return draw.Case($"{name} onto its residual", new WindowProduct(grid, true), [.. operands, result], inPlace: true);
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
