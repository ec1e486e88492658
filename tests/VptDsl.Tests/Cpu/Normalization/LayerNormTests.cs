using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Layer normalisation and its gradients are right for every size and stride and do not depend on the threads.</summary>
public unsafe class LayerNormTests
{
    private const float Epsilon = 1e-6f;

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 1, 8)]
    [InlineData(2, 3, 7)]
    [InlineData(3, 11, 31)]
    [InlineData(1, 5, 33)]
    [InlineData(4, 50, 64)]
    [InlineData(2, 197, 101)]
    [InlineData(1, 70, 1280)]
    public void Normalisation_and_gradients_match_the_reference(int images, int rowsPerImage, int columns)
    {
        var random = new Random(columns);
        int rows = images * rowsPerImage;
        using var x = new Operand(random, images, rowsPerImage, columns, 3, 5);
        using var y = new Operand(random, images, rowsPerImage, columns, 1);
        using var dy = new Operand(random, images, rowsPerImage, columns, 0, 2);
        using var dx = new Operand(random, images, rowsPerImage, columns, 2);
        using var stats = new Operand(random, images, rowsPerImage, 2, 1);
        using var gamma = Operand.Vector(random, columns);
        using var beta = Operand.Vector(random, columns);
        using var dGamma = Operand.Vector(random, columns);
        using var dBeta = Operand.Vector(random, columns);
        float[] residual = dx.Values();

        Threads.AssertSameBits(
            "forward", w => LayerNorms.Forward(w, rows, columns, x.Matrix, gamma.Data, beta.Data, Epsilon, y.Matrix, stats.Matrix), y,
            stats);
        var (mean, rstd) = Statistics(x, rows, columns);
        double Xhat(long row, int column) => (x[row, column] - mean[row]) * rstd[row];
        stats.AssertClose("stats", (row, i) => i == 0 ? mean[row] : rstd[row]);
        y.AssertClose("y", (row, column) => (Xhat(row, column) * gamma[0, column]) + beta[0, column]);

        Threads.AssertSameBits(
            "input gradient",
            w => LayerNorms.InputGradient(w, rows, columns, dy.Matrix, x.Matrix, stats.Matrix, gamma.Data, dx.Matrix, dx.Matrix),
            dx);
        var expected = InputGradient(dy, gamma, Xhat, rstd, rows, columns);
        dx.AssertClose("dx with residual", (row, column) => expected[row, column] + residual[(row * columns) + column], Tolerance);

        using (var workers = new CpuWorkers(2))
        {
            LayerNorms.InputGradient(workers, rows, columns, dy.Matrix, x.Matrix, stats.Matrix, gamma.Data, dx.Matrix);
            dx.AssertClose("dx", (row, column) => expected[row, column], Tolerance);
        }

        Threads.AssertSameBits(
            "parameter gradients",
            w => LayerNorms.ParameterGradients(w, rows, columns, dy.Matrix, x.Matrix, stats.Matrix, dGamma.Data, dBeta.Data),
            dGamma,
            dBeta);
        var all = Enumerable.Range(0, rows).ToArray();
        dGamma.AssertClose("dGamma", (_, column) => all.Sum(row => dy[row, column] * Xhat(row, column)), _ => 1e-5 * Math.Sqrt(rows));
        dBeta.AssertClose("dBeta", (_, column) => all.Sum(row => (double)dy[row, column]), _ => 1e-5 * Math.Sqrt(rows));
    }

    [Fact]
    public void A_large_mean_does_not_spoil_the_variance()
    {
        var random = new Random(1);
        using var x = new Operand(random, 1, 2, 100);
        using var y = new Operand(random, 1, 2, 100);
        using var stats = new Operand(random, 1, 2, 2);
        using var ones = Operand.Vector(random, 100);
        using var zeros = Operand.Vector(random, 100);
        for (int i = 0; i < 100; i++)
        {
            (ones[0, i], zeros[0, i]) = (1, 0);
            (x[0, i], x[1, i]) = (4096 + (i % 2), -4096 + (i % 4));
        }

        using var workers = new CpuWorkers(1);
        LayerNorms.Forward(workers, 2, 100, x.Matrix, ones.Data, zeros.Data, Epsilon, y.Matrix, stats.Matrix);
        var (mean, rstd) = Statistics(x, 2, 100);
        y.AssertClose("y", (row, column) => (x[row, column] - mean[row]) * rstd[row], _ => 1e-3);
    }

    // A row of few columns may have almost no variance, and then a gradient in the thousands.
    private static double Tolerance(double expected) => 1e-4 * Math.Max(1, Math.Abs(expected));

    private static (double[] Mean, double[] Rstd) Statistics(Operand x, int rows, int columns)
    {
        var mean = new double[rows];
        var rstd = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            var values = Enumerable.Range(0, columns).Select(c => (double)x[row, c]).ToArray();
            mean[row] = values.Average();
            rstd[row] = 1 / Math.Sqrt(values.Average(v => (v - mean[row]) * (v - mean[row])) + Epsilon);
        }

        return (mean, rstd);
    }

    private static double[,] InputGradient(
        Operand dy, Operand gamma, Func<long, int, double> xhat, double[] rstd, int rows, int columns)
    {
        var gradient = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            double G(int c) => (double)dy[row, c] * gamma[0, c];
            double sum = Enumerable.Range(0, columns).Average(G);
            double projection = Enumerable.Range(0, columns).Average(c => G(c) * xhat(row, c));
            for (int c = 0; c < columns; c++)
            {
                gradient[row, c] = rstd[row] * (G(c) - sum - (xhat(row, c) * projection));
            }
        }

        return gradient;
    }
}
