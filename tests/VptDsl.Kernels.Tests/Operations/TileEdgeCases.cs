using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>
/// Convolutions, windows, pixels and queries of prompts in sizes around those of tiles and groups: one, primes, one more or less than a
/// tile, several tiles.
/// </summary>
internal static class TileEdgeCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) =>
    [
        .. Convolutions(draw),
        .. WindowAttentions(draw),
        .. Depthwise(draw),
        .. Pixels(draw),
        .. Borders(draw),
        .. Transposes(draw),
        .. SharedQueries(draw),
    ];

    private static IEnumerable<OperationCase> Convolutions(LayoutDraw draw)
    {
        (int Size, int Kernel, int Stride, int Padding, int Channels, int Filters)[] sizes =
        [
            (1, 1, 1, 0, 1, 1), (1, 3, 1, 1, 16, 33), (6, 3, 1, 1, 15, 31), (11, 3, 1, 1, 17, 65), (9, 5, 3, 4, 2, 64),
            (13, 2, 2, 0, 32, 127), (23, 7, 2, 3, 3, 129),
        ];
        foreach ((int size, int kernel, int stride, int padding, int channels, int filters) in sizes)
        {
            var grid = new SlidingPatch(size, kernel, stride, padding);
            Shape[] operands = [PerImage(grid.Pixels, channels), Shared(filters, grid.Taps * channels), Shared(1, filters)];
            Shape result = PerImage(grid.Patches, filters);
            string name = $"convolution {kernel} × {kernel} of {channels} channels of a map of {size}";
            yield return draw.Case(name, new SlidingProduct(grid, new(true, null, false)), operands, [true, false]);
            yield return draw.Case(
                $"{name} onto its residual",
                new SlidingProduct(grid, new(true, null, true)),
                [.. operands, result],
                [true, false],
                inPlace: true);
        }
    }

    private static IEnumerable<OperationCase> WindowAttentions(LayoutDraw draw)
    {
        (int Heads, int Width, WindowGrid Grid, int Prompts, bool OfPrompts)[] sizes =
        [
            (2, 32, new(14, 7, 3), 5, false), (2, 7, new(7, 7, 0), 8, false), (1, 33, new(8, 8, 0), 0, false),
            (1, 16, new(11, 11, 0), 57, false),
            (2, 8, new(15, 5, 2), 31, true), (1, 1, new(4, 2, 0), 1, true),
        ];
        foreach ((int heads, int width, WindowGrid grid, int prompts, bool ofPrompts) in sizes)
        {
            var attention = new WindowAttention(heads, grid, ofPrompts, prompts > 0);
            string name =
                $"{heads} heads of {width} in windows of {grid.Window} in {grid.Side}{(ofPrompts ? ", of" : ", over")} {prompts} prompts";
            Shape tokens = PerImage(grid.Tokens, heads * width);
            foreach (bool perImage in new[] { false, true })
            {
                if (perImage && prompts == 0)
                    continue;
                Shape ofPrompt = new(perImage, Math.Max(prompts, 1), heads * width);
                Shape[] operands =
                [
                    ofPrompts ? ofPrompt : tokens,
                    tokens,
                    tokens,
                    .. ofPrompts ? [] : new[] { Shared(grid.RelativePositions, heads) },
                    .. prompts == 0 ? [] : new[] { ofPrompt, ofPrompt },
                ];
                Shape output = attention.InferShapes(operands)[0];
                string full = name + (perImage ? " of each image" : "");
                yield return draw.Case(full, attention, operands);
                yield return draw.Case(
                    $"gradient of {full}",
                    new WindowAttentionGradient(attention),
                    [output, output, output.WithColumns(heads), .. operands]);
            }
        }

        var wide = new WindowAttention(1, new(2, 2, 0), false, true);
        Shape wideTokens = PerImage(4, 1031), widePrompts = Shared(3, 1031);
        Shape[] ofWide = [wideTokens, wideTokens, wideTokens, Shared(9, 1), widePrompts, widePrompts];
        yield return draw.Case("a head in windows too wide for shared memory", wide, ofWide);
        yield return draw.Case(
            "gradient of a head in windows too wide for shared memory",
            new WindowAttentionGradient(wide),
            [wideTokens, wideTokens, wideTokens.WithColumns(1), .. ofWide]);
    }

    private static IEnumerable<OperationCase> Depthwise(LayoutDraw draw)
    {
        foreach ((int size, int kernel, int channels) in new[] { (1, 1, 1), (1, 7, 33), (13, 7, 31), (16, 3, 64), (9, 17, 5), (31, 5, 2) })
        {
            Shape map = PerImage(size * size, channels), weight = Shared(kernel * kernel, channels);
            string name = $"{kernel} × {kernel} of {channels} channels of a map of {size}";
            yield return draw.Case(
                $"depth-wise convolution {name}", new DepthwiseConvolution(size, kernel), [map, weight, Shared(1, channels)]);
            yield return draw.Case($"depth-wise input gradient {name}", new DepthwiseInputGradient(size, kernel), [map, weight]);
            yield return draw.Case($"depth-wise weight gradient {name}", new DepthwiseWeightGradient(size, kernel), [map, map]);
        }
    }

    private static IEnumerable<OperationCase> Pixels(LayoutDraw draw)
    {
        foreach ((int pixels, int classes) in new[] { (1, 1), (4, 31), (5, 33), (127, 2), (257, 21), (31, 257) })
        {
            Shape[] operands = [PerImage(pixels, classes), PerImage(pixels, 1)];
            string name = $"of {pixels} pixels and {classes} classes";
            yield return draw.Case($"cross-entropy {name}", new PixelCrossEntropy(classes / 2), operands);
            yield return draw.Case($"cross-entropy of equal logits {name}", new PixelCrossEntropy(255), operands) with { IsLarge = true };
            yield return draw.Case(
                $"cross-entropy gradient {name}", new PixelCrossEntropyGradient(classes / 2), [.. operands, Shared(1, 1)]);
            yield return draw.Case(
                $"cross-entropy gradient {name} in place", new PixelCrossEntropyGradient(255), [.. operands, Shared(1, 1)], inPlace: true);
        }
    }

    private static IEnumerable<OperationCase> Borders(LayoutDraw draw)
    {
        foreach ((int channels, int size, int pixels) in new[] { (1, 1, 1), (3, 29, 2), (2, 7, 31), (1, 32, 16) })
        {
            int side = size + (2 * pixels);
            yield return draw.Case(
                $"gradient of borders of {pixels} pixels around {channels} × {size}",
                new PadImagesGradient(channels, size, pixels),
                [PerImage(channels * side, side)]);
        }
    }

    private static IEnumerable<OperationCase> Transposes(LayoutDraw draw)
    {
        (int Blocks, int First, int Second)[] sizes =
        [
            (1, 1, 37), (1, 31, 33), (3, 32, 64), (2, 65, 35), (1, 3, 1031), (5, 127, 9), (1, 1025, 2),
        ];
        foreach ((int blocks, int first, int second) in sizes)
        {
            string name = $"transposes of {blocks} × {first} × {second}";
            yield return draw.Case(name, new SwapAxes(blocks, first, second, second), [PerImage(blocks * first, second)]);
            yield return draw.Case(
                $"{name} without a batch", new SwapAxes(blocks, first, second, blocks * first), [Shared(blocks, first * second)]);
        }
    }

    /// <summary>
    /// Gradients of attention whose queries have no batch, but whose keys have one, over some keys without: sums over fewer images than
    /// there are slices, over as many, and over more.
    /// </summary>
    private static IEnumerable<OperationCase> SharedQueries(LayoutDraw draw)
    {
        (int Heads, int Width, int Queries, int Keys, int Prompts, int Batch)[] sizes =
            [
                (1, 1, 1, 1, 1, 1), (2, 7, 33, 9, 5, 17), (1, 16, 65, 33, 32, 1), (3, 5, 8, 4, 3, 16), (1, 80, 17, 16, 31, 2),
                (1, 385, 5, 6, 2, 3),
            ];
        foreach ((int heads, int width, int queries, int keys, int prompts, int batch) in sizes)
        {
            int columns = heads * width;
            Shape query = Shared(queries, columns), output = PerImage(queries, columns), key = PerImage(keys, columns),
                prompt = Shared(prompts, columns);
            Shape[] operands = [output, output, output.WithColumns(heads), query, key, key, prompt, prompt];
            string name =
                $"attention gradient of {queries} shared queries of {heads} heads of {width} over {keys} keys and {prompts} prompts, "
                    + $"{batch} images";
            yield return draw.Case(name, new AttentionGradient(heads, 2), operands) with { Batch = batch };
            yield return draw.Case($"{name}, of the queries alone", new AttentionGradient(heads, 2), operands,
            [
                true,
                false,
                false,
                false,
                false,
            ]) with
            {
                Batch = batch,
            };
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
