using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Operations on images and on maps of pixels.</summary>
internal static class ImageCases
{
    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) =>
        [.. Pixels(draw), .. Borders(draw), .. Patches(draw), .. Depthwise(draw), .. Channels(draw), .. BatchNorms(draw)];

    private static IEnumerable<OperationCase> Pixels(LayoutDraw draw)
    {
        yield return draw.Case("map enlarged", new Upsample(3, 2), [PerImage(9, 7)]);
        yield return draw.Case("map enlarged by an odd factor", new Upsample(2, 3), [PerImage(4, 19)]);
        yield return draw.Case("map of one pixel enlarged", new Upsample(1, 4), [PerImage(1, 1)]);
        yield return draw.Case("map enlarged without a batch", new Upsample(4, 4), [Shared(16, 5)]);
        yield return draw.Case("gradient of a map enlarged", new UpsampleGradient(3, 2), [PerImage(36, 7)]);
        yield return draw.Case("gradient of a map enlarged by an odd factor", new UpsampleGradient(2, 3), [PerImage(36, 19)]);
        yield return draw.Case("gradient of a map of one pixel enlarged", new UpsampleGradient(1, 4), [PerImage(16, 1)]);
        Shape[] pixels = [PerImage(131, 7), PerImage(131, 1)], few = [PerImage(1, 2), PerImage(1, 1)];
        yield return draw.Case("cross-entropy of pixels", new PixelCrossEntropy(3), pixels);
        yield return draw.Case("cross-entropy of pixels that all count", new PixelCrossEntropy(255), pixels, [true, false, true]);
        yield return draw.Case("cross-entropy of one pixel", new PixelCrossEntropy(1), few, [true, true, false]);
        yield return draw.Case("cross-entropy of pixels of large logits", new PixelCrossEntropy(3), pixels, [true, false, false]) with
        {
            IsLarge = true,
        };
        yield return draw.Case("cross-entropy gradient of pixels", new PixelCrossEntropyGradient(3), [.. pixels, Shared(1, 1)]);
        yield return draw.Case(
            "cross-entropy gradient of pixels in place", new PixelCrossEntropyGradient(255), [.. pixels, Shared(1, 1)], inPlace: true);
        yield return draw.Case("cross-entropy gradient of one pixel", new PixelCrossEntropyGradient(1), [.. few, Shared(1, 1)]);
    }

    private static IEnumerable<OperationCase> Borders(LayoutDraw draw)
    {
        yield return draw.Case("borders", new PadImages(3, 5, 2), [PerImage(15, 5), Shared(12, 9), Shared(15, 4)]);
        yield return draw.Case("borders of one pixel", new PadImages(1, 1, 1), [PerImage(1, 1), Shared(2, 3), Shared(1, 2)]);
        yield return draw.Case("borders wider than the image", new PadImages(2, 2, 5), [PerImage(4, 2), Shared(20, 12), Shared(4, 10)]);
        yield return draw.Case("borders of wide images", new PadImages(2, new(3, 7), 2), [PerImage(6, 7), Shared(8, 11), Shared(6, 4)]);
        yield return draw.Case("gradient of borders of high images", new PadImagesGradient(2, new(9, 4), 3), [PerImage(30, 10)]);
        yield return draw.Case("gradient of borders and images", new PadImagesGradient(3, 5, 2), [PerImage(27, 9)]);
        yield return draw.Case("gradient of borders", new PadImagesGradient(2, 17, 1), [PerImage(38, 19)], [false, true, true]);
        yield return draw.Case("gradient of bordered images", new PadImagesGradient(2, 17, 1), [PerImage(38, 19)], [true, false, false]);
    }

    private static IEnumerable<OperationCase> Patches(LayoutDraw draw)
    {
        yield return draw.Case("sliding patches", new ExtractSlidingPatches(new(5, 3, 1, 1)), [PerImage(25, 7)]);
        yield return draw.Case("sliding patches apart", new ExtractSlidingPatches(new(5, 2, 2, 0)), [PerImage(25, 3)]);
        yield return draw.Case("sliding patches of a stem", new ExtractSlidingPatches(new(9, 7, 2, 3)), [PerImage(81, 3)]);
        yield return draw.Case("sliding patches of one pixel", new ExtractSlidingPatches(new(3, 1, 2, 0)), [PerImage(9, 5)]);
        yield return draw.Case("sliding patches of one channel", new ExtractSlidingPatches(new(2, 3, 1, 2)), [PerImage(4, 1)]);
        yield return draw.Case("sliding patches without a batch", new ExtractSlidingPatches(new(3, 2, 1, 0)), [Shared(9, 9)]);
        yield return draw.Case(
            "convolution",
            new SlidingProduct(new(5, 3, 1, 1), new(true, null, false)),
            [PerImage(25, 19), Shared(13, 171), Shared(1, 13)],
            [true, false]);
        yield return draw.Case(
            "convolution with strides",
            new SlidingProduct(new(8, 3, 2, 1), new(true, null, false)),
            [PerImage(64, 8), Shared(21, 72), Shared(1, 21)],
            [true, false]);
        yield return draw.Case(
            "convolution of a stem",
            new SlidingProduct(new(9, 7, 2, 3), new(true, null, false)),
            [PerImage(81, 3), Shared(5, 147), Shared(1, 5)],
            [true, false]);
        yield return draw.Case(
            "convolution and a residual",
            new SlidingProduct(new(4, 3, 1, 1), new(true, null, true)),
            [PerImage(16, 70), Shared(7, 630), Shared(1, 7), PerImage(16, 7)],
            [true, false]);
        yield return draw.Case(
            "convolution onto its residual",
            new SlidingProduct(new(4, 2, 2, 0), new(true, null, true)),
            [PerImage(16, 5), Shared(3, 20), Shared(1, 3), PerImage(4, 3)],
            [true, false],
            inPlace: true);
        yield return draw.Case(
            "convolution without a bias",
            new SlidingProduct(new(5, 3, 1, 1), new(false, null, false)),
            [PerImage(25, 19), Shared(13, 171)],
            [true, false]);
        yield return draw.Case(
            "convolution without a bias onto its residual",
            new SlidingProduct(new(4, 3, 1, 2), new(false, null, true)),
            [PerImage(16, 5), Shared(3, 45), PerImage(36, 3)],
            [true, false],
            inPlace: true);
        yield return draw.Case("weight turned around", new FlippedWeight(9), [Shared(13, 63)]);
        yield return draw.Case("weight of one input turned around", new FlippedWeight(4), [Shared(2, 4)]);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Shape[] operands = [PerImage(25, 19), Shared(13, 171), Shared(1, 13)];
            yield return draw.Case(
                $"convolution and {kind} with the value before it",
                new SlidingProduct(new(5, 3, 1, 1), new(true, new Activate(kind), false)),
                operands);
            yield return draw.Case(
                $"convolution through {kind}",
                new SlidingProduct(new(5, 3, 1, 1), new(true, new ActivationGradient(kind), true)),
                [.. operands, PerImage(25, 13), PerImage(25, 13)],
                [true, false]);
        }

        yield return draw.Case(
            "convolution and a residual without a batch",
            new SlidingProduct(new(4, 3, 1, 1), new(true, null, true)),
            [PerImage(16, 5), Shared(7, 45), Shared(1, 7), Shared(16, 7)],
            [true, false]);
        yield return draw.Case(
            "convolution without a batch",
            new SlidingProduct(new(3, 1, 2, 0), new(true, null, false)),
            [Shared(9, 17), Shared(2, 17), Shared(1, 2)],
            [true, false]);
        yield return draw.Case("folded sliding patches", new FoldSlidingPatches(new(5, 3, 1, 1)), [PerImage(25, 63)]);
        yield return draw.Case("folded patches apart", new FoldSlidingPatches(new(5, 2, 2, 0)), [PerImage(4, 12)]);
        yield return draw.Case("folded patches of a stem", new FoldSlidingPatches(new(9, 7, 2, 3)), [PerImage(25, 147)]);
        yield return draw.Case("folded patches with gaps", new FoldSlidingPatches(new(3, 1, 2, 0)), [PerImage(4, 9)]);
        yield return draw.Case("largest of sliding patches", new MaxPool(new(7, 3, 2, 1)), [PerImage(49, 9)]);
        yield return draw.Case("largest of patches apart", new MaxPool(new(5, 2, 2, 0)), [PerImage(25, 1)]);
        yield return draw.Case("gradient of the largest of sliding patches", new MaxPoolGradient(new(7, 3, 2, 1)),
        [
            PerImage(16, 9),
            PerImage(49, 9),
            PerImage(16, 9),
        ]) with
        {
            IsLarge = true,
        };
        yield return draw.Case("gradient of equal values in sliding patches", new MaxPoolGradient(new(5, 3, 1, 1)),
        [
            PerImage(25, 3),
            PerImage(25, 3),
            PerImage(25, 3),
        ]) with
        {
            IsLarge = true,
        };
    }

    private static IEnumerable<OperationCase> Depthwise(LayoutDraw draw)
    {
        yield return draw.Case(
            "depth-wise convolution", new DepthwiseConvolution(11, 7), [PerImage(121, 19), Shared(49, 19), Shared(1, 19)]);
        yield return draw.Case(
            "depth-wise convolution wider than its map", new DepthwiseConvolution(2, 7), [PerImage(4, 8), Shared(49, 8), Shared(1, 8)]);
        yield return draw.Case(
            "depth-wise convolution without a batch", new DepthwiseConvolution(7, 3), [Shared(49, 16), Shared(9, 16), Shared(1, 16)]);
        yield return draw.Case("depth-wise input gradient", new DepthwiseInputGradient(11, 7), [PerImage(121, 19), Shared(49, 19)]);
        yield return draw.Case("depth-wise input gradient of one pixel", new DepthwiseInputGradient(1, 3), [PerImage(1, 5), Shared(9, 5)]);
        yield return draw.Case("depth-wise weight gradient", new DepthwiseWeightGradient(5, 7), [PerImage(25, 19), PerImage(25, 19)]);
        yield return draw.Case(
            "depth-wise weight gradient without a batch", new DepthwiseWeightGradient(3, 3), [Shared(9, 8), Shared(9, 8)]);
    }

    private static IEnumerable<OperationCase> Channels(LayoutDraw draw)
    {
        yield return draw.Case("scaled columns", new ScaleColumns(false), [PerImage(5, 19), Shared(1, 19)]);
        yield return draw.Case("scaled columns in place", new ScaleColumns(false), [PerImage(5, 19), Shared(1, 19)], inPlace: true);
        yield return draw.Case("scaled columns and a residual", new ScaleColumns(true), [PerImage(5, 19), Shared(1, 19), PerImage(5, 19)]);
        yield return draw.Case(
            "scaled columns onto a residual", new ScaleColumns(true), [PerImage(5, 8), Shared(1, 8), PerImage(5, 8)], inPlace: true);
        yield return draw.Case("scale gradient", new ScaleColumnsGradient(), [PerImage(5, 19), PerImage(5, 19)]);
        yield return draw.Case("scale gradient without a batch", new ScaleColumnsGradient(), [Shared(3, 7), Shared(3, 7)]);
        yield return draw.Case("blend", new Blend(), [Shared(1, 1), PerImage(5, 19), PerImage(5, 19)]);
        yield return draw.Case("blend in place", new Blend(), [Shared(1, 1), PerImage(5, 19), PerImage(5, 19)], inPlace: true);
        yield return draw.Case("blend with what all images share", new Blend(), [Shared(1, 1), PerImage(5, 19), Shared(5, 19)]);
        yield return draw.Case("blend of what all images share", new Blend(), [Shared(1, 1), Shared(3, 8), Shared(3, 8)]);
        yield return draw.Case("gated", new Gated(false), [PerImage(5, 19), Shared(1, 1)]);
        yield return draw.Case("the rest of what is gated, in place", new Gated(true), [PerImage(5, 19), Shared(1, 1)], inPlace: true);
        yield return draw.Case("sums of a blend", new BlendSums(), [PerImage(5, 19), PerImage(5, 19), Shared(5, 19)]);
        yield return draw.Case("sums of a blend of one row", new BlendSums(), [PerImage(1, 7), PerImage(1, 7), PerImage(1, 7)]);
        yield return draw.Case("gate gradient", new GateGradient(), [Shared(1, 19), Shared(1, 1)]);
        var affine = new AffineChannels(EquatableArray.Of(0.5, -2, 3), EquatableArray.Of(1, 0.25, -1));
        yield return draw.Case("scaled and shifted channels", affine, [Shared(12, 9)]);
        yield return draw.Case("scaled and shifted channels of images", affine, [PerImage(6, 5)], inPlace: true);
        yield return draw.Case("planes to pixels", new SwapAxes(1, 3, 35, 35), [PerImage(21, 5)]);
        yield return draw.Case("pixels to planes", new SwapAxes(1, 35, 3, 21), [PerImage(35, 3)]);
        yield return draw.Case("weight to the order of patches", new SwapAxes(5, 7, 9, 5), [Shared(5, 63)]);
        yield return draw.Case("depth-wise weight", new SwapAxes(1, 40, 49, 49), [Shared(40, 49)]);
    }

    // Variances are drawn at random, so a large epsilon makes them positive.
    private static IEnumerable<OperationCase> BatchNorms(LayoutDraw draw)
    {
        yield return draw.Case("folded weight", new FoldedWeight(3), [Shared(7, 19), Shared(1, 7), Shared(1, 7)]);
        yield return draw.Case("folded weight gradient", new FoldedWeightGradient(3), [Shared(7, 19), Shared(7, 19), Shared(1, 7)]);
        yield return draw.Case("folded bias", new FoldedBias(3), [Shared(1, 7), Shared(1, 7), Shared(1, 7), Shared(1, 7)]);
        yield return draw.Case("quotient by deviations", new DivideByDeviation(3), [Shared(1, 19), Shared(1, 19)]);
        Shape row = Shared(1, 19);
        yield return draw.Case("batch norm", new BatchNorm(1e-5, 0.1), [PerImage(5, 19), row, row, row, row]);
        yield return draw.Case("batch norm of one row an image", new BatchNorm(1e-5, 0.25), [PerImage(1, 19), row, row, row, row]);
        yield return draw.Case(
            "batch norm of a map", new BatchNorm(1e-5, 0.1), [PerImage(7, 19), row, row, row, row], [true, true, false, false]);
        yield return draw.Case(
            "batch norm whose statistics nobody reads",
            new BatchNorm(1e-5, 0.1),
            [PerImage(3, 19), row, row, row, row],
            [true, false, true, true]);
        yield return draw.Case("batch norm of a single row", new BatchNorm(1e-5, 0.1), [Shared(1, 19), row, row, row, row]);
        yield return draw.Case("batch norm without a batch", new BatchNorm(1e-5, 0.1), [Shared(6, 19), row, row, row, row]);
        Shape statistics = Shared(2, 19);
        yield return draw.Case(
            "batch norm parameter gradient", new BatchNormParameterGradient(3), [PerImage(5, 19), PerImage(5, 19), statistics]);
        yield return draw.Case(
            "batch norm scale gradient", new BatchNormParameterGradient(3), [PerImage(1, 19), PerImage(1, 19), statistics], [true, false]);
        yield return draw.Case(
            "batch norm shift gradient", new BatchNormParameterGradient(3), [Shared(4, 19), Shared(4, 19), statistics], [false, true]);
        yield return draw.Case(
            "batch norm gradient", new BatchNormGradient(3), [PerImage(5, 19), PerImage(5, 19), statistics, row, row, row]);
        yield return draw.Case(
            "batch norm gradient in place",
            new BatchNormGradient(3),
            [PerImage(1, 19), PerImage(1, 19), statistics, row, row, row],
            inPlace: true);
        yield return draw.Case(
            "batch norm gradient without a batch", new BatchNormGradient(3), [Shared(4, 19), Shared(4, 19), statistics, row, row, row]);
        yield return draw.Case("folded bias gradient", new FoldedBiasGradient(3), [Shared(1, 7), Shared(1, 7), Shared(1, 7)]);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
