using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Patches are cut right for every size and stride and do not depend on the threads.</summary>
public unsafe class PatchTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 28, 7)]
    [InlineData(3, 1, 15, 5)]
    [InlineData(1, 3, 224, 16)]
    public void Patches_have_the_column_order_of_a_convolution_weight(int images, int channels, int size, int patch)
    {
        var random = new Random(size);
        int grid = size / patch;
        using var pixels = new Operand(random, images, channels * size, size, 0, 9);
        using var y = new Operand(random, images, grid * grid, channels * patch * patch, 2, 1);
        Threads.AssertSameBits("patches", w => Patches.Extract(
            w, images, channels, size, patch, pixels.Data, pixels.Matrix.ImageStride, y.Matrix), y);
        y.AssertClose("patches", (row, column) =>
        {
            int image = (int)(row / (grid * grid));
            int index = (int)(row % (grid * grid));
            int channel = column / (patch * patch);
            int py = ((index / grid) * patch) + (column / patch % patch);
            int px = ((index % grid) * patch) + (column % patch);
            return pixels[(image * channels * size) + (channel * size) + py, px];
        }, _ => 0);
    }
}
