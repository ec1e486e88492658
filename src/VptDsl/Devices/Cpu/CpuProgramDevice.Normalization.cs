namespace VptDsl.Devices.Cpu;

/// <content>Normalisation of rows and of columns.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>y = LayerNorm(x) · gamma + beta; statistics are each row's mean and reciprocal standard deviation.</summary>
    protected void LayerNorm(
        in MatrixOperand x,
        in MatrixOperand gamma,
        in MatrixOperand beta,
        in MatrixOperand y,
        in MatrixOperand statistics,
        float epsilon) =>
        LayerNorms.Forward(Workers, RowsOf(x), x.Columns, At(x), RowAt(gamma), RowAt(beta), epsilon, At(y), At(statistics));

    /// <summary>The gradient of LayerNorm's input.</summary>
    protected void LayerNormGradient(
        in MatrixOperand dy, in MatrixOperand x, in MatrixOperand statistics, in MatrixOperand gamma, in MatrixOperand dx) =>
        LayerNorms.InputGradient(Workers, RowsOf(x), x.Columns, At(dy), At(x), At(statistics), RowAt(gamma), At(dx), null);

    /// <summary>The gradient of LayerNorm's input, plus the residual.</summary>
    protected void LayerNormGradient(
        in MatrixOperand dy, in MatrixOperand x, in MatrixOperand statistics, in MatrixOperand gamma, in MatrixOperand residual,
        in MatrixOperand dx) =>
        LayerNorms.InputGradient(Workers, RowsOf(x), x.Columns, At(dy), At(x), At(statistics), RowAt(gamma), At(dx), At(residual));

    /// <summary>The gradients of LayerNorm's scale and shift.</summary>
    protected void LayerNormParameterGradient(
        in MatrixOperand dy, in MatrixOperand x, in MatrixOperand statistics, in MatrixOperand dGamma, in MatrixOperand dBeta) =>
        LayerNorms.ParameterGradients(Workers, RowsOf(x), x.Columns, At(dy), At(x), At(statistics), RowAt(dGamma), RowAt(dBeta));

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

    /// <summary>A weight with the batch normalisation of its outputs folded in.</summary>
    protected void FoldedWeight(
        in MatrixOperand weight, in MatrixOperand gamma, in MatrixOperand variance, in MatrixOperand folded, float epsilon) =>
        FrozenBatchNorms.Weight(Workers, weight.Rows, weight.Columns, At(weight), RowAt(gamma), RowAt(variance), epsilon, At(folded));

    /// <summary>The gradient of the normalisation's scale through the weight.</summary>
    protected void FoldedWeightGradient(
        in MatrixOperand dFolded, in MatrixOperand weight, in MatrixOperand variance, in MatrixOperand dGamma, float epsilon) =>
        FrozenBatchNorms.WeightGradient(
            Workers, weight.Rows, weight.Columns, At(dFolded), At(weight), RowAt(variance), epsilon, RowAt(dGamma));

    /// <summary>The bias that a batch normalisation leaves.</summary>
    protected void FoldedBias(
        in MatrixOperand gamma, in MatrixOperand beta, in MatrixOperand mean, in MatrixOperand variance, in MatrixOperand bias,
        float epsilon) =>
        FrozenBatchNorms.Bias(bias.Columns, RowAt(gamma), RowAt(beta), RowAt(mean), RowAt(variance), epsilon, RowAt(bias));

    /// <summary>The gradient of the normalisation's scale through the bias.</summary>
    protected void FoldedBiasGradient(
        in MatrixOperand dBias, in MatrixOperand mean, in MatrixOperand variance, in MatrixOperand dGamma, float epsilon) =>
        FrozenBatchNorms.Bias(dGamma.Columns, RowAt(dBias), null, RowAt(mean), RowAt(variance), epsilon, RowAt(dGamma));
}
