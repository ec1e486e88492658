using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>Gradient rules of what works on images and maps of pixels are slopes of the loss.</summary>
public sealed class ImageGradientTests
{
    [Theory]
    [InlineData(2, 3, 1, true, true, true)]
    [InlineData(1, 3, 2, false, true, true)]
    [InlineData(1, 2, 1, false, false, true)]
    [InlineData(1, 2, 1, false, true, false)]
    [InlineData(2, 2, 1, true, false, false)]
    public void Borders_around_images(int channels, int size, int pixels, bool images, bool topBottom, bool leftRight)
    {
        var probe = new OperationProbe(31);
        probe.Check(probe.Graph.PadImages(
            probe.Batched(channels * size, size, images),
            probe.Shared(channels * 2 * pixels, size + (2 * pixels), topBottom),
            probe.Shared(channels * size, 2 * pixels, leftRight),
            channels,
            size,
            pixels,
            "padded"));
    }

    [Fact]
    public void Borders_around_wide_images()
    {
        var probe = new OperationProbe(35);
        probe.Check(probe.Graph.PadImages(
            probe.Batched(4, 3, true), probe.Shared(4, 5, true), probe.Shared(4, 2, true), channels: 2, new(2, 3), pixels: 1, "padded"));
    }

    [Theory]
    [InlineData(4, 3, 2, 3)]
    [InlineData(2, 6, 1, 2)]
    public void Patches_of_images(int height, int width, int patchHeight, int patchWidth)
    {
        var probe = new OperationProbe(36);
        probe.Check(probe.Graph.Patches(
            probe.Batched(height, width, true), channels: 1, new(height, width), new(patchHeight, patchWidth), "patches"));
    }

    [Theory]
    [InlineData(true, 3, 2, 1, 0)]
    [InlineData(true, 3, 2, 2, 0)]
    [InlineData(false, 3, 3, 1, 1)]
    [InlineData(true, 3, 3, 2, 1)]
    [InlineData(true, 3, 1, 2, 0)]
    public void Patches_of_a_map(bool batched, int size, int kernel, int stride, int padding)
    {
        var probe = new OperationProbe(32);
        var grid = new SlidingPatch(size, kernel, stride, padding);
        probe.Check(probe.Graph.One(new ExtractSlidingPatches(grid), [Map(probe, batched, size, 2)], "patches"));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Largest_of_patches(bool batched, int stride)
    {
        var probe = new OperationProbe(33);
        probe.Check(probe.Graph.One(new MaxPool(new(3, 3, stride, 1)), [Map(probe, batched, 3, 2)], "y"));
    }

    [Theory]
    [InlineData(true, 3, 3, true, true)]
    [InlineData(true, 3, 5, true, false)]
    [InlineData(false, 2, 7, true, true)]
    [InlineData(true, 2, 3, false, true)]
    public void Depthwise_convolution(bool batched, int size, int kernel, bool weight, bool bias)
    {
        var probe = new OperationProbe(34);
        Value map = Map(probe, batched, size, 2);
        probe.Check(probe.Graph.One(
            new DepthwiseConvolution(size, kernel), [map, probe.Shared(kernel * kernel, 2, weight), probe.Shared(1, 2, bias)], "y"));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Scale_of_columns(bool batched, bool gamma)
    {
        var probe = new OperationProbe(35);
        probe.Check(probe.Graph.One(new ScaleColumns(Residual: false), [probe.Operand(batched, 3, 4), probe.Shared(1, 4, gamma)], "y"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_scaled_and_shifted(bool batched)
    {
        var probe = new OperationProbe(36);
        var affine = new AffineChannels(EquatableArray.Of(0.5, -2), EquatableArray.Of(3.0, 1));
        probe.Check(probe.Graph.One(affine, [probe.Operand(batched, 4, 3)], "y"));
    }

    [Theory]
    [InlineData(false, 2, 2, 3, 4)]
    [InlineData(true, 1, 4, 3, 3)]
    [InlineData(true, 4, 1, 3, 6)]
    public void Axes_swapped(bool batched, int blocks, int first, int second, int rows)
    {
        var probe = new OperationProbe(37);
        probe.Check(probe.Graph.One(new SwapAxes(blocks, first, second, rows), [probe.Operand(batched, 4, 3)], "swapped"));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public void Batch_norm_folded_into_a_convolution(bool weight, bool gamma, bool beta)
    {
        // Statistics drawn at random need a large epsilon to be variances.
        var probe = new OperationProbe(40);
        Value scale = probe.Shared(1, 3, gamma), variance = probe.Shared(1, 3, trained: false);
        Value folded = probe.Graph.One(new FoldedWeight(2), [probe.Shared(3, 4, weight), scale, variance], "folded");
        Value bias = probe.Graph.One(
            new FoldedBias(2), [scale, probe.Shared(1, 3, beta), probe.Shared(1, 3, trained: false), variance], "bias");
        probe.Check(probe.Graph.Linear(probe.Batched(2, 4), folded, bias, "y"));
    }

    [Theory]
    [InlineData(true, 1, true, true, true)]
    [InlineData(true, 3, true, true, true)]
    [InlineData(true, 3, true, false, false)]
    [InlineData(true, 2, false, true, true)]
    [InlineData(true, 2, false, false, true)]
    [InlineData(false, 4, true, true, false)]
    public void Batch_norm_over_the_rows_of_all_images(bool batched, int rows, bool x, bool gamma, bool beta)
    {
        var probe = new OperationProbe(41);
        Value input = batched ? probe.Batched(rows, 4, x) : probe.Shared(rows, 4, x);
        Value[] statistics = [probe.Shared(1, 4, trained: false), probe.Shared(1, 4, trained: false)];
        probe.Check(probe.Graph.Add(
            new BatchNorm(1e-2, 0.1), [input, probe.Shared(1, 4, gamma), probe.Shared(1, 4, beta), .. statistics], "y", "statistics", null,
            null).Outputs[0]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Normalization_by_given_statistics(bool batched)
    {
        var probe = new OperationProbe(42);
        probe.Check(probe.Graph.NormalizeBy(
            probe.Operand(batched, 3, 4),
            probe.Shared(1, 4),
            probe.Shared(1, 4),
            probe.Shared(1, 4, trained: false),
            probe.Shared(1, 4, trained: false),
            epsilon: 2,
            "y"));
    }

    private static Value Map(OperationProbe probe, bool batched, int size, int channels) => batched && size * size > 8
        ? probe.Graph.ConcatRows([probe.Batched(8, channels), probe.Batched((size * size) - 8, channels)], "map")
        : probe.Operand(batched, size * size, channels);
}
