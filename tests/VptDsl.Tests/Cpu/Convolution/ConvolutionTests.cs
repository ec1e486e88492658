using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Convolutions and pooling are right for any size and stride, and give the same bits on any number of threads.</summary>
public unsafe class ConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int> Grids() => new()
    {
        { 1, 1, 1, 1, 0, 1 }, { 2, 5, 3, 1, 1, 7 }, { 3, 9, 7, 2, 3, 3 }, { 2, 7, 2, 2, 0, 16 }, { 1, 6, 1, 2, 0, 33 },
        { 5, 28, 3, 2, 1, 19 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Patches_and_their_fold(int images, int size, int kernel, int stride, int padding, int channels)
    {
        var grid = new SlidingPatch(size, kernel, stride, padding);
        var random = new Random(size);
        using var map = new Operand(random, images, grid.Pixels, channels, 3, 5);
        using var dense = new Operand(random, images, grid.Pixels, channels);
        using var patches = new Operand(random, images, grid.Patches, grid.Taps * channels, 2, 1);
        Threads.AssertSameBits(
            "dense patches", w => SlidingPatches.Extract(w, images, grid, channels, dense.Matrix, patches.Matrix), patches);
        patches.AssertClose("dense patches", (row, column) => PixelOf(dense, row, column), _ => 0);
        Threads.AssertSameBits("patches", w => SlidingPatches.Extract(w, images, grid, channels, map.Matrix, patches.Matrix), patches);
        patches.AssertClose("patches", (row, column) => PixelOf(map, row, column), _ => 0);

        double[] sums = new double[images * grid.Pixels * channels];
        for (int row = 0; row < images * grid.Patches; row++)
        {
            for (int column = 0; column < grid.Taps * channels; column++)
            {
                if (PlaceOf(row, column) is { } place)
                    sums[(place * channels) + (column % channels)] += patches[row, column];
            }
        }

        Threads.AssertSameBits("fold", w => SlidingPatches.Fold(w, images, grid, channels, patches.Matrix, map.Matrix), map);
        map.AssertClose("fold", (row, column) => sums[(row * channels) + column]);

        double PixelOf(Operand source, long row, int column) => PlaceOf(row, column) is { } place ? source[place, column % channels] : 0;

        long? PlaceOf(long row, int column)
        {
            long image = row / grid.Patches, patch = row % grid.Patches;
            long y = (patch / grid.Side * stride) + (column / channels / kernel) - padding;
            long x = (patch % grid.Side * stride) + (column / channels % kernel) - padding;
            return y >= 0 && y < size && x >= 0 && x < size ? (image * grid.Pixels) + (y * size) + x : null;
        }
    }

    [Theory]
    [InlineData(1, 1, 3, 1)]
    [InlineData(2, 5, 7, 9)]
    [InlineData(3, 14, 7, 40)]
    [InlineData(2, 9, 3, 16)]
    public void Depthwise_convolution_and_its_gradients(int images, int size, int kernel, int channels)
    {
        var random = new Random(size);
        int taps = kernel * kernel, pixels = size * size;
        using var map = new Operand(random, images, pixels, channels, 3, 5);
        using var weight = new Operand(random, 1, taps, channels, 1);
        using var bias = Operand.Vector(random, channels);
        using var y = new Operand(random, images, pixels, channels, 2, 1);
        Threads.AssertSameBits(
            "forward",
            w => DepthwiseConvolutions.Run(w, images, size, kernel, channels, map.Matrix, weight.Matrix, bias.Data, y.Matrix),
            y);
        y.AssertClose("forward", (row, c) => bias[0, c] + Enumerable.Range(0, taps).Sum(tap => At(map, row, tap, c) * weight[tap, c]));
        Threads.AssertSameBits(
            "input", w => DepthwiseConvolutions.Run(w, images, size, kernel, channels, map.Matrix, weight.Matrix, null, y.Matrix), y);
        y.AssertClose("input", (row, c) => Enumerable.Range(0, taps).Sum(tap => At(map, row, tap, c) * weight[taps - 1 - tap, c]));
        Threads.AssertSameBits(
            "weight",
            w => DepthwiseConvolutions.WeightGradient(w, images, size, kernel, channels, y.Matrix, map.Matrix, weight.Matrix),
            weight);
        weight.AssertClose(
            "weight",
            (tap, c) => Enumerable.Range(0, images * pixels).Sum(row => y[row, c] * At(map, row, (int)tap, c)),
            expected => 1e-4 * Math.Max(1, Math.Abs(expected)));

        double At(Operand source, long row, int tap, int channel)
        {
            long pixel = row % pixels, py = (pixel / size) + (tap / kernel) - (kernel / 2),
                px = (pixel % size) + (tap % kernel) - (kernel / 2);
            return py >= 0 && py < size && px >= 0 && px < size ? source[row - pixel + (py * size) + px, channel] : 0;
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Largest_of_patches_and_their_gradient(int images, int size, int kernel, int stride, int padding, int channels)
    {
        // Every patch needs a pixel of the map.
        var grid = new SlidingPatch(size, kernel, stride, Math.Min(padding, kernel / 2));
        var random = new Random(size);
        using var map = new Operand(random, images, grid.Pixels, channels, 3, 5);
        using var largest = new Operand(random, images, grid.Patches, channels, 1);
        using var dy = new Operand(random, images, grid.Patches, channels, 0, 2);
        using var dMap = new Operand(random, images, grid.Pixels, channels, 1, 1);
        Threads.AssertSameBits("largest", w => MaxPools.Forward(w, images, grid, channels, map.Matrix, largest.Matrix), largest);
        Threads.AssertSameBits(
            "gradient", w => MaxPools.Backward(w, images, grid, channels, dy.Matrix, map.Matrix, largest.Matrix, dMap.Matrix), dMap);
        dMap.AssertOnlyElementsWritten("gradient");
        for (int channel = 0; channel < channels; channel++)
        {
            int c = channel;
            Assert.Equal(
                Enumerable.Range(0, images * grid.Patches).Sum(row => (double)dy[row, c]),
                Enumerable.Range(0, images * grid.Pixels).Sum(row => (double)dMap[row, c]),
                1e-3);
        }
    }
}
