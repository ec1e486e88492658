namespace VptDsl.Devices.Cpu;

/// <content>Matrix products.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>
    /// c = activation(a · bᵀ + bias) + residual over the rows of all images; with a gate, times the activation's derivative there.
    /// </summary>
    protected void ProductNT(
        in MatrixOperand a,
        in MatrixOperand b,
        in MatrixOperand c,
        in MatrixOperand bias = default,
        ActivationKind? activation = null,
        in MatrixOperand beforeActivation = default,
        in MatrixOperand gate = default,
        in MatrixOperand residual = default) =>
        Product(ProductLayout.NT, RowsOf(a), b.Rows, a.Columns, a, b, c, bias, activation, beforeActivation, gate, residual);

    /// <summary>
    /// c = activation(a · b + bias) + residual over the rows of all images; with a gate, times the activation's derivative there.
    /// </summary>
    protected void ProductNN(
        in MatrixOperand a,
        in MatrixOperand b,
        in MatrixOperand c,
        in MatrixOperand bias = default,
        ActivationKind? activation = null,
        in MatrixOperand beforeActivation = default,
        in MatrixOperand gate = default,
        in MatrixOperand residual = default) =>
        Product(ProductLayout.NN, RowsOf(a), b.Columns, a.Columns, a, b, c, bias, activation, beforeActivation, gate, residual);

    /// <summary>c = aᵀ · b + residual, summed over the rows of all images.</summary>
    protected void ProductTN(in MatrixOperand a, in MatrixOperand b, in MatrixOperand c, in MatrixOperand residual = default) =>
        Product(ProductLayout.TN, a.Columns, b.Columns, RowsOf(a), a, b, c, default, null, default, default, residual);

    private void Product(
        ProductLayout layout,
        long m,
        int n,
        long k,
        in MatrixOperand a,
        in MatrixOperand b,
        in MatrixOperand c,
        in MatrixOperand bias,
        ActivationKind? activation,
        in MatrixOperand beforeActivation,
        in MatrixOperand gate,
        in MatrixOperand residual) =>
        Products.Run(
            Workers,
            new ProductCall
            {
                Layout = layout,
                M = m,
                N = n,
                K = k,
                A = At(a),
                B = At(b),
                BInPairs = b.InPairs,
                C = At(c),
                Bias = RowAt(bias),
                Activation = activation,
                Pre = At(beforeActivation),
                Gate = At(gate),
                Residual = At(residual),
            },
            _packedWeights.Of(b, layout, Batch, m, n, k));
}
