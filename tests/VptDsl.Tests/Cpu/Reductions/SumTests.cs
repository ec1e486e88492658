using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Sums are right for every size and stride and do not depend on the threads.</summary>
public unsafe class SumTests
{
    [Theory]
    [MemberData(nameof(ElementwiseTests.Sizes), MemberType = typeof(ElementwiseTests))]
    public void Sums_over_rows_and_images(int images, int rowsPerImage, int columns)
    {
        var random = new Random(columns);
        int rows = images * rowsPerImage;
        using var a = new Operand(random, images, rowsPerImage, columns, 3, 1);
        using var sums = Operand.Vector(random, columns);
        using var image = new Operand(random, 1, rowsPerImage, columns, 2);
        Threads.AssertSameBits("rows", w => Sums.OverRows(w, rows, columns, a.Matrix, sums.Data), sums);
        sums.AssertClose("rows", (_, column) => Enumerable.Range(0, rows).Sum(row => (double)a[row, column]));
        Threads.AssertSameBits("images", w => Sums.OverImages(w, images, rowsPerImage, columns, a.Matrix, image.Matrix), image);
        image.AssertClose("images", (row, column) =>
            Enumerable.Range(0, images).Sum(i => (double)a[(i * rowsPerImage) + row, column]));
        a.AssertOnlyElementsWritten("input");
    }
}
