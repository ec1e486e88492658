using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Batch normalisation and its gradients are right for every size and stride and do not depend on the threads.</summary>
public unsafe class BatchNormTests
{
    private const float Epsilon = 1e-3f, Momentum = 0.1f;

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(3, 1, 8)]
    [InlineData(2, 3, 7)]
    [InlineData(64, 1, 33)]
    [InlineData(3, 49, 101)]
    [InlineData(2, 400, 70)]
    public void Normalisation_and_gradients_match_the_reference(int images, int rowsPerImage, int columns)
    {
        var random = new Random(columns);
        int rows = images * rowsPerImage;
        using var x = new Operand(random, images, rowsPerImage, columns, 3, 5);
        using var y = new Operand(random, images, rowsPerImage, columns, 1);
        using var dy = new Operand(random, images, rowsPerImage, columns, 0, 2);
        using var statistics = new Operand(random, 1, 2, columns, 4);
        using Operand gamma = Operand.Vector(random, columns), beta = Operand.Vector(random, columns);
        using Operand mean = Operand.Vector(random, columns), variance = Operand.Vector(random, columns);
        using Operand dGamma = Operand.Vector(random, columns), dBeta = Operand.Vector(random, columns);
        float[] runningMean = mean.Values(), runningVariance = variance.Values();
        BatchNormCall call = Call(x, y, gamma, beta, rows) with
        {
            Statistics = statistics.Matrix,
            Momentum = Momentum,
            RunningMean = mean.Data,
            RunningVariance = variance.Data,
            NextMean = mean.Data,
            NextVariance = variance.Data,
        };

        Threads.AssertSameBits("forward", w => BatchNorms.Forward(w, call), y, statistics, mean, variance);
        var all = Enumerable.Range(0, rows).ToArray();
        double[] means = [.. Enumerable.Range(0, columns).Select(c => all.Average(row => x[row, c]))];
        double[] variances = [.. Enumerable.Range(0, columns).Select(c => all.Average(row => Math.Pow(x[row, c] - means[c], 2)))];
        double Normalized(long row, int c) => (x[row, c] - means[c]) / Math.Sqrt(variances[c] + Epsilon);
        statistics.AssertClose("statistics", (row, c) => row == 0 ? means[c] : variances[c]);
        y.AssertClose("y", (row, c) => (Normalized(row, c) * gamma[0, c]) + beta[0, c]);
        mean.AssertClose("running mean", (_, c) => (0.9 * runningMean[c]) + (0.1 * means[c]));
        variance.AssertClose("running variance", (_, c) => (0.9 * runningVariance[c]) + (0.1 * variances[c] * rows / (rows - 1)));

        float* measured = statistics.Matrix.Row(0), spread = statistics.Matrix.Row(1);
        Threads.AssertSameBits(
            "parameter gradients",
            w => BatchNorms.ParameterGradients(w, rows, columns, dy.Matrix, x.Matrix, measured, spread, Epsilon, dGamma.Data, dBeta.Data),
            dGamma,
            dBeta);
        double[] scales = [.. Enumerable.Range(0, columns).Select(c => all.Sum(row => dy[row, c] * Normalized(row, c)))];
        double[] shifts = [.. Enumerable.Range(0, columns).Select(c => all.Sum(row => (double)dy[row, c]))];
        dGamma.AssertClose("dGamma", (_, c) => scales[c], _ => 1e-5 * Math.Sqrt(rows));
        dBeta.AssertClose("dBeta", (_, c) => shifts[c], _ => 1e-5 * Math.Sqrt(rows));

        float[] gradient = dy.Values();
        Threads.AssertSameBits(
            "input gradient",
            w => BatchNorms.InputGradient(
                w, rows, columns, dy.Matrix, x.Matrix, measured, spread, gamma.Data, dGamma.Data, dBeta.Data, Epsilon, dy.Matrix),
            dy);
        dy.AssertClose(
            "dx where dy was",
            (row, c) => gamma[0, c] / Math.Sqrt(variances[c] + Epsilon)
                * (gradient[(row * columns) + c] - ((shifts[c] + (Normalized(row, c) * scales[c])) / rows)),
            value => 1e-4 * Math.Max(1, Math.Abs(value)));
    }

    [Fact]
    public void A_single_row_becomes_the_shift_and_leaves_the_running_variance()
    {
        var random = new Random(3);
        using Operand x = Operand.Vector(random, 5), y = Operand.Vector(random, 5), gamma = Operand.Vector(random, 5),
            beta = Operand.Vector(random, 5);
        using Operand running = Operand.Vector(random, 5), next = Operand.Vector(random, 5);
        using var workers = new CpuWorkers(1);

        BatchNorms.Forward(
            workers, Call(x, y, gamma, beta, rows: 1) with { Momentum = 0.1f, RunningVariance = running.Data, NextVariance = next.Data });

        y.AssertClose("y", (_, c) => beta[0, c]);
        Assert.Equal(running.Values(), next.Values());
    }

    private static BatchNormCall Call(Operand x, Operand y, Operand gamma, Operand beta, int rows) => new()
    {
        Rows = rows,
        Columns = x.Columns,
        Input = x.Matrix,
        Gamma = gamma.Data,
        Beta = beta.Data,
        Epsilon = Epsilon,
        Output = y.Matrix,
    };
}
