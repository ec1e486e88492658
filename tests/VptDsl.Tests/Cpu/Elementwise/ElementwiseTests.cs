using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Element-wise routines are right for every size and stride and do not depend on the threads.</summary>
public unsafe class ElementwiseTests
{
    public static TheoryData<int, int, int> Sizes() => new()
    {
        { 1, 1, 1 }, { 1, 1, 7 }, { 2, 3, 8 }, { 3, 5, 9 }, { 5, 7, 16 }, { 4, 13, 31 }, { 2, 101, 257 }, { 8, 50, 192 }, { 1, 1, 40_000 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Add_copy_scale_and_fill(int images, int rowsPerImage, int columns)
    {
        var random = new Random(columns);
        int rows = images * rowsPerImage;
        using var a = new Operand(random, images, rowsPerImage, columns, 3, 1);
        using var b = new Operand(random, images, rowsPerImage, columns, 0, 7);
        using var c = new Operand(random, images, rowsPerImage, columns, 1, 2);
        Threads.AssertSameBits("add", w => Elementwise.Add(w, rows, columns, a.Matrix, b.Matrix, c.Matrix), c);
        c.AssertClose("add", (row, column) => a[row, column] + b[row, column], _ => 0);
        Threads.AssertSameBits("copy", w => Elementwise.Copy(w, rows, columns, a.Matrix, c.Matrix), c);
        c.AssertClose("copy", (row, column) => a[row, column], _ => 0);
        Threads.AssertSameBits("scale", w => Elementwise.Scale(w, rows, columns, a.Matrix, 0.3f, c.Matrix), c);
        c.AssertClose("scale", (row, column) => a[row, column] * 0.3f, _ => 0);
        Threads.AssertSameBits("fill", w => Elementwise.Fill(w, rows, columns, 0.7f, c.Matrix), c);
        c.AssertClose("fill", (_, _) => 0.7f, _ => 0);
    }

    [Fact]
    public void Add_broadcasts_rows_of_one_image_and_one_row()
    {
        var random = new Random(5);
        using var a = new Operand(random, 3, 4, 21, 2, 3);
        using var position = new Operand(random, 3, 4, 21, 1, 0, shared: true);
        using var row = Operand.Vector(random, 21);
        float[] before = a.Values();
        using var workers = new CpuWorkers(2);
        Elementwise.Add(workers, 12, 21, a.Matrix, position.Matrix, a.Matrix);
        a.AssertClose("position", (r, c) => before[(r * 21) + c] + position[r % 4, c], _ => 0);
        Elementwise.Add(workers, 12, 21, a.Matrix, new Matrix(row.Data, 1, 0, 0), a.Matrix);
        a.AssertClose("row", (r, c) => before[(r * 21) + c] + position[r % 4, c] + row[0, c], _ => 0);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Activations_and_their_gradients(int images, int rowsPerImage, int columns) =>
        Assert.All(Enum.GetValues<ActivationKind>(), kind =>
        {
            var random = new Random(columns);
            int rows = images * rowsPerImage;
            using var x = new Operand(random, images, rowsPerImage, columns, 3, 1);
            using var y = new Operand(random, images, rowsPerImage, columns);
            float[] before = y.Values();
            Threads.AssertSameBits($"{kind} gradient", w => Activations.Gradient(kind, w, rows, columns, y.Matrix, x.Matrix, y.Matrix), y);
            y.AssertClose(
                $"{kind} gradient", (row, c) => before[(row * columns) + c] * Reference.Derivative(kind, x[row, c]), _ => 1e-6);
            Threads.AssertSameBits($"{kind}", w => Activations.Apply(kind, w, rows, columns, x.Matrix, y.Matrix), y);
            y.AssertClose($"{kind}", (row, c) => Reference.Value(kind, x[row, c]), _ => 1e-6);
        });
}
