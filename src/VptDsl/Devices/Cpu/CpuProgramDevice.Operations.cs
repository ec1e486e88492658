using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <content>
/// The operations, one method each. Generated code supplies operands with their dimensions, inputs before outputs, then attributes, then
/// what a product's epilogue has.
/// </content>
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

    /// <summary>Attention of the query over the segments: keys and values in turn.</summary>
    protected void Attention(
        in MatrixOperand query, ReadOnlySpan<MatrixOperand> segments, in MatrixOperand output, in MatrixOperand logSum, int heads) =>
        Attentions.Forward(Workers, new AttentionCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            QueryRows = query.Rows,
            Query = At(query),
            Segments = Segments(stackalloc AttentionSegment[segments.Length / 2], segments, []),
            Output = At(output),
            LogSum = At(logSum),
        });

    /// <summary>The gradients of attention; segments and their gradients are keys and values in turn.</summary>
    protected void AttentionGradient(
        in MatrixOperand dOutput,
        in MatrixOperand output,
        in MatrixOperand logSum,
        in MatrixOperand query,
        ReadOnlySpan<MatrixOperand> segments,
        in MatrixOperand dQuery,
        ReadOnlySpan<MatrixOperand> dSegments,
        int heads) =>
        Attentions.Backward(Workers, new AttentionGradientCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            QueryRows = query.Rows,
            Query = At(query),
            Segments = Segments(stackalloc AttentionSegment[segments.Length / 2], segments, dSegments),
            Output = At(output),
            LogSum = At(logSum),
            OutputGradient = At(dOutput),
            QueryGradient = At(dQuery),
        });

    /// <summary>sum = a + b; one of them may lack the batch.</summary>
    protected void Add(in MatrixOperand a, in MatrixOperand b, in MatrixOperand sum) =>
        Elementwise.Add(Workers, RowsOf(sum), sum.Columns, At(a), At(b), At(sum));

    /// <summary>sum = x with the same row added to each of its rows.</summary>
    protected void AddRow(in MatrixOperand x, in MatrixOperand row, in MatrixOperand sum) =>
        Elementwise.Add(Workers, RowsOf(sum), sum.Columns, At(x), new Matrix(RowAt(row), 1, 0, 0), At(sum));

    /// <summary>A copy, to every image where x has no batch.</summary>
    protected void Copy(in MatrixOperand x, in MatrixOperand copy) =>
        Elementwise.Copy(Workers, RowsOf(copy), copy.Columns, At(x), At(copy));

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

    /// <summary>y = activation(x).</summary>
    protected void Activate(in MatrixOperand x, in MatrixOperand y, ActivationKind kind) =>
        Activations.Apply(kind, Workers, RowsOf(x), x.Columns, At(x), At(y));

    /// <summary>dx = dy · activation'(gate); the gate is the activation's input, of a rectifier its result.</summary>
    protected void ActivationGradient(in MatrixOperand dy, in MatrixOperand gate, in MatrixOperand dx, ActivationKind kind) =>
        Activations.Gradient(kind, Workers, RowsOf(dy), dy.Columns, At(dy), At(gate), At(dx));

    /// <summary>The sum over the images.</summary>
    protected void SumImages(in MatrixOperand x, in MatrixOperand sum) =>
        Elementwise.SumImages(Workers, Batch, x.Rows, x.Columns, At(x), At(sum));

    /// <summary>The sum over the rows of all images.</summary>
    protected void SumRows(in MatrixOperand x, in MatrixOperand sum) =>
        Elementwise.SumRows(Workers, RowsOf(x), x.Columns, At(x), RowAt(sum));

    /// <summary>x among zeros.</summary>
    protected void PadRows(in MatrixOperand x, in MatrixOperand padded, int start)
    {
        Elementwise.Fill(Workers, RowsOf(padded), padded.Columns, 0, At(padded));
        Elementwise.Copy(Workers, RowsOf(x), x.Columns, At(x), RowsFrom(padded, start, x.Rows));
    }

    /// <summary>x with part added from a row on; the sum may lie where x lies.</summary>
    protected void AddRows(in MatrixOperand x, in MatrixOperand part, in MatrixOperand sum, int start)
    {
        if (x != sum)
            Elementwise.Copy(Workers, RowsOf(x), x.Columns, At(x), At(sum));
        Matrix target = RowsFrom(sum, start, part.Rows);
        Elementwise.Add(Workers, RowsOf(part), part.Columns, target, At(part), target);
    }

    /// <summary>The patches of each image, row-major.</summary>
    protected void ExtractPatches(in MatrixOperand images, in MatrixOperand patches, int channels, int size, int patch) =>
        Patches.Extract(Workers, Batch, channels, size, patch, At(images).Data, images.ImageStride, At(patches));

    /// <summary>Images of their patches.</summary>
    protected void FoldPatches(in MatrixOperand patches, in MatrixOperand images, int channels, int size, int patch) =>
        Patches.Fold(Workers, Batch, channels, size, patch, At(patches), At(images).Data, images.ImageStride);

    /// <summary>The cross-entropy of each image.</summary>
    protected void CrossEntropy(in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand losses) =>
        Losses.CrossEntropy(Workers, Batch, logits.Columns, At(logits), At(labels).Data, At(weights).Data, At(losses).Data);

    /// <summary>weights · (softmax(logits) - one-hot(labels)) / batch.</summary>
    protected void CrossEntropyGradient(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand dLogits) =>
        Losses.CrossEntropyGradient(Workers, Batch, logits.Columns, At(logits), At(labels).Data, At(weights).Data, 1f / Batch, At(dLogits));

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
        Products.Run(Workers, new ProductCall
        {
            Layout = layout,
            M = m,
            N = n,
            K = k,
            A = At(a),
            B = At(b),
            C = At(c),
            Bias = RowAt(bias),
            Activation = activation,
            Pre = At(beforeActivation),
            Gate = At(gate),
            Residual = At(residual),
        });

    private Matrix RowsFrom(in MatrixOperand whole, int start, int rows)
    {
        Matrix all = At(whole);
        return new Matrix(all.Data + (start * whole.RowStride), rows, whole.ImageStride, whole.RowStride);
    }

    private Span<AttentionSegment> Segments(
        Span<AttentionSegment> segments, ReadOnlySpan<MatrixOperand> operands, ReadOnlySpan<MatrixOperand> gradients)
    {
        for (int i = 0; i < segments.Length; i++)
        {
            int key = 2 * i, value = key + 1;
            segments[i] = gradients.IsEmpty
                ? new(operands[key].Rows, At(operands[key]), At(operands[value]))
                : new(operands[key].Rows, At(operands[key]), At(operands[value]), At(gradients[key]), At(gradients[value]));
        }

        return segments;
    }
}
