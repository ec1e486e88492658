namespace VptDsl.Devices.Cpu;

/// <content>Batch normalisation that is trained.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>y = x, each column normalised over the rows of all images, · gamma + beta; statistics are means and variances.</summary>
    protected void BatchNorm(
        in MatrixOperand x,
        in MatrixOperand gamma,
        in MatrixOperand beta,
        in MatrixOperand mean,
        in MatrixOperand variance,
        in MatrixOperand y,
        in MatrixOperand statistics,
        in MatrixOperand nextMean,
        in MatrixOperand nextVariance,
        float epsilon,
        float momentum) =>
        BatchNorms.Forward(Workers, new BatchNormCall
        {
            Rows = RowsOf(x),
            Columns = x.Columns,
            Input = At(x),
            Gamma = RowAt(gamma),
            Beta = RowAt(beta),
            Epsilon = epsilon,
            Output = At(y),
            Statistics = At(statistics),
            Momentum = momentum,
            RunningMean = RowAt(mean),
            RunningVariance = RowAt(variance),
            NextMean = RowAt(nextMean),
            NextVariance = RowAt(nextVariance),
        });

    /// <summary>The gradients of scale and shift.</summary>
    protected void BatchNormParameterGradient(
        in MatrixOperand dy, in MatrixOperand x, in MatrixOperand statistics, in MatrixOperand dGamma, in MatrixOperand dBeta,
        float epsilon)
    {
        Matrix measured = At(statistics);
        BatchNorms.ParameterGradients(
            Workers, RowsOf(x), x.Columns, At(dy), At(x), measured.Row(0), measured.Row(1), epsilon, RowAt(dGamma), RowAt(dBeta));
    }

    /// <summary>The gradient of the input, given those of scale and shift; it may lie where dy lies.</summary>
    protected void BatchNormGradient(
        in MatrixOperand dy,
        in MatrixOperand x,
        in MatrixOperand statistics,
        in MatrixOperand gamma,
        in MatrixOperand dGamma,
        in MatrixOperand dBeta,
        in MatrixOperand dx,
        float epsilon)
    {
        Matrix measured = At(statistics);
        BatchNorms.InputGradient(
            Workers, RowsOf(x), x.Columns, At(dy), At(x), measured.Row(0), measured.Row(1), RowAt(gamma), RowAt(dGamma), RowAt(dBeta),
            epsilon, At(dx));
    }

    /// <summary>A row divided by the square roots of variances.</summary>
    protected void DivideByDeviation(in MatrixOperand x, in MatrixOperand variance, in MatrixOperand quotient, float epsilon) =>
        FrozenBatchNorms.Quotient(quotient.Columns, RowAt(x), RowAt(variance), epsilon, RowAt(quotient));
}
