namespace VptDsl.Devices.Cpu;

/// <content>What is computed element by element, and the gradients of its parameters.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>sum = a + b; one of them may lack the batch.</summary>
    protected void Add(in MatrixOperand a, in MatrixOperand b, in MatrixOperand sum) =>
        Elementwise.Add(Workers, RowsOf(sum), sum.Columns, At(a), At(b), At(sum));

    /// <summary>product = a ⊙ b.</summary>
    protected void Multiply(in MatrixOperand a, in MatrixOperand b, in MatrixOperand product) =>
        Elementwise.Multiply(Workers, RowsOf(product), product.Columns, At(a), At(b), At(product));

    /// <summary>sum = x with the same row added to each of its rows.</summary>
    protected void AddRow(in MatrixOperand x, in MatrixOperand row, in MatrixOperand sum) =>
        Elementwise.Add(Workers, RowsOf(sum), sum.Columns, At(x), new Matrix(RowAt(row), 1, 0, 0), At(sum));

    /// <summary>x with elements dropped by chance, the others scaled; each image by itself.</summary>
    protected void Dropout(in MatrixOperand x, in MatrixOperand noise, in MatrixOperand y, int threshold, float scale) =>
        Dropouts.Run(Workers, RowsOf(y), y.Columns, RowAt(noise), threshold, scale, At(x), At(y));

    /// <summary>blend = σ(gate) · a + (1 − σ(gate)) · b; one of them may lack the batch.</summary>
    protected void Blend(in MatrixOperand gate, in MatrixOperand a, in MatrixOperand b, in MatrixOperand blend) =>
        Blends.Blend(Workers, RowsOf(blend), blend.Columns, Blends.Logistic(*RowAt(gate)), At(a), At(b), At(blend));

    /// <summary>y = σ(gate) · x, or (1 − σ(gate)) · x.</summary>
    protected void Gated(in MatrixOperand x, in MatrixOperand gate, in MatrixOperand y, bool complement) =>
        Elementwise.Scale(Workers, RowsOf(x), x.Columns, At(x), Blends.Logistic(complement ? -*RowAt(gate) : *RowAt(gate)), At(y));

    /// <summary>The sum of dy ⊙ (a − b) over all rows of all images.</summary>
    protected void BlendSums(in MatrixOperand dy, in MatrixOperand a, in MatrixOperand b, in MatrixOperand sums) =>
        Blends.Sums(Workers, RowsOf(dy), dy.Columns, At(dy), At(a), At(b), RowAt(sums));

    /// <summary>dGate = σ'(gate) · the sum of all columns.</summary>
    protected void GateGradient(in MatrixOperand sums, in MatrixOperand gate, in MatrixOperand dGate)
    {
        float total = 0;
        foreach (float sum in new ReadOnlySpan<float>(RowAt(sums), sums.Columns))
            total += sum;
        *RowAt(dGate) = total * Blends.Logistic(*RowAt(gate)) * Blends.Logistic(-*RowAt(gate));
    }

    /// <summary>packed = each two neighbouring columns of x, rounded to bfloat16, as the bits of one float.</summary>
    protected void PackPairs(in MatrixOperand x, in MatrixOperand packed) =>
        Pairs.Pack(Workers, RowsOf(packed), packed.Columns, At(x), At(packed));

    /// <summary>x = the columns that were packed in pairs.</summary>
    protected void UnpackPairs(in MatrixOperand packed, in MatrixOperand x) =>
        Pairs.Unpack(Workers, RowsOf(packed), packed.Columns, At(packed), At(x));

    /// <summary>y = activation(x).</summary>
    protected void Activate(in MatrixOperand x, in MatrixOperand y, ActivationKind kind) =>
        Activations.Apply(kind, Workers, RowsOf(x), x.Columns, At(x), At(y));

    /// <summary>dx = dy · activation'(gate); the gate is the activation's input, of a rectifier its result.</summary>
    protected void ActivationGradient(in MatrixOperand dy, in MatrixOperand gate, in MatrixOperand dx, ActivationKind kind) =>
        Activations.Gradient(kind, Workers, RowsOf(dy), dy.Columns, At(dy), At(gate), At(dx));

    /// <summary>y = x with the rows of each channel scaled and shifted.</summary>
    protected void AffineChannels(in MatrixOperand x, in MatrixOperand y, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts)
    {
        fixed (float* scale = scales, shift = shifts)
            Channels.Affine(Workers, RowsOf(x), x.Columns, x.Rows / scales.Length, At(x), scale, shift, At(y));
    }

    /// <summary>y = x ⊙ gamma, gamma a number for each column.</summary>
    protected void ScaleColumns(in MatrixOperand x, in MatrixOperand gamma, in MatrixOperand y) =>
        ScaleColumns(x, gamma, default, y);

    /// <summary>y = x ⊙ gamma + residual, gamma a number for each column.</summary>
    protected void ScaleColumns(in MatrixOperand x, in MatrixOperand gamma, in MatrixOperand residual, in MatrixOperand y) =>
        Channels.Scale(Workers, RowsOf(x), x.Columns, At(x), RowAt(gamma), At(residual), At(y));

    /// <summary>The sum of dy ⊙ x over all rows.</summary>
    protected void ScaleColumnsGradient(in MatrixOperand dy, in MatrixOperand x, in MatrixOperand dGamma) =>
        Channels.SumOfProducts(Workers, RowsOf(x), x.Columns, At(dy), At(x), RowAt(dGamma));
}
