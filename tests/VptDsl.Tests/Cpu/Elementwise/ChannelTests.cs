using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// Arithmetic with a number for each column is right for any size and stride, with the same bits on any number of threads.
/// </summary>
public unsafe class ChannelTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 50, 19)]
    [InlineData(4, 300, 64)]
    public void Columns_scaled_and_their_gradient(int images, int rows, int columns)
    {
        var random = new Random(rows);
        using var x = new Operand(random, images, rows, columns, 3, 1);
        using var residual = new Operand(random, images, rows, columns, 0, 2);
        using var gamma = Operand.Vector(random, columns);
        using var y = new Operand(random, images, rows, columns, 1);
        Threads.AssertSameBits("scale", w => Channels.Scale(w, images * rows, columns, x.Matrix, gamma.Data, residual.Matrix, y.Matrix), y);
        y.AssertClose("scale", (row, c) => (x[row, c] * gamma[0, c]) + residual[row, c]);
        Threads.AssertSameBits("gradient", w => Channels.SumOfProducts(w, images * rows, columns, x.Matrix, y.Matrix, gamma.Data), gamma);
        gamma.AssertClose(
            "gradient",
            (_, c) => Enumerable.Range(0, images * rows).Sum(row => (double)x[row, c] * y[row, c]),
            expected => 1e-4 * Math.Max(1, Math.Abs(expected)));
    }
}
