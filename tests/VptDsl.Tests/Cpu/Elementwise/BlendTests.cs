using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// Blends and the sums of their gates' gradients are right for any size and stride, with the same bits on any number of threads.
/// </summary>
public unsafe class BlendTests
{
    [Theory]
    [InlineData(1, 1, 1, false)]
    [InlineData(2, 3, 8, true)]
    [InlineData(5, 7, 31, false)]
    [InlineData(3, 40, 257, true)]
    public void Blend_and_sums(int images, int rowsPerImage, int columns, bool isShared)
    {
        var random = new Random(columns);
        int rows = images * rowsPerImage;
        using var a = new Operand(random, images, rowsPerImage, columns, 3, 1);
        using var b = new Operand(random, images, rowsPerImage, columns, 1, 0, shared: isShared);
        using var dy = new Operand(random, images, rowsPerImage, columns, 0, 5);
        using var blend = new Operand(random, images, rowsPerImage, columns, 1, 2);
        using var sums = Operand.Vector(random, columns);

        Threads.AssertSameBits("blend", w => Blends.Blend(w, rows, columns, 0.3f, a.Matrix, b.Matrix, blend.Matrix), blend);
        blend.AssertClose("blend", (row, column) => (0.3 * a[row, column]) + (0.7 * Right(row, column)));
        Threads.AssertSameBits("sums", w => Blends.Sums(w, rows, columns, dy.Matrix, a.Matrix, b.Matrix, sums.Data), sums);
        sums.AssertClose("sums", (_, column) =>
            Enumerable.Range(0, rows).Sum(row => dy[row, column] * ((double)a[row, column] - Right(row, column))));

        float Right(long row, int column) => b[isShared ? row % rowsPerImage : row, column];
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(2, 0.8807970779778823)]
    [InlineData(-200, 0)]
    [InlineData(200, 1)]
    public void The_share_of_a_gate(float gate, double share) => Assert.Equal(share, Blends.Logistic(gate), 1e-6);
}
