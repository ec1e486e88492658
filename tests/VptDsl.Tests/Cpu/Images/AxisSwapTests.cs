using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Blocks are transposed right for any size and stride, with the same bits on any number of threads.</summary>
public unsafe class AxisSwapTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 49, 5)]
    [InlineData(1, 70, 9, 33)]
    [InlineData(3, 1, 64, 100)]
    public void Blocks_transposed(int images, int blocks, int first, int second)
    {
        var random = new Random(first);
        using var x = new Operand(random, images, blocks * first, second, 0, 3);
        using var y = new Operand(random, images, blocks * second, first, 0, 1);
        using var apart = new Operand(random, images, blocks * second, first, 2, 1);
        foreach (Operand result in new[] { y, apart })
        {
            Threads.AssertSameBits(
                "swap", w => AxisSwap.Run(w, images, blocks, first, second, x.Matrix, second, result.Matrix, first), result);
            result.AssertClose("swap", (row, column) => x[(row / second * first) + column, (int)(row % second)], _ => 0);
        }
    }
}
