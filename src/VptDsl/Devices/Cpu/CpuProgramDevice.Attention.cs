namespace VptDsl.Devices.Cpu;

/// <content>Attention over segments of tokens.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>Looks on at every call of attention; null for nobody.</summary>
    internal AttentionObserver? AttentionObserver { get; set; }

    /// <summary>
    /// Attention of the query over the segments: keys and values in turn. A bias is added to the scaled scores of the first.
    /// </summary>
    protected void Attention(
        in MatrixOperand query,
        ReadOnlySpan<MatrixOperand> segments,
        in MatrixOperand output,
        in MatrixOperand logSum,
        int heads,
        in MatrixOperand bias = default)
    {
        var call = new AttentionCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            QueryRows = query.Rows,
            Query = At(query),
            Segments = Segments(stackalloc AttentionSegment[segments.Length / 2], segments, []),
            Bias = At(bias),
            Output = At(output),
            LogSum = At(logSum),
        };
        AttentionObserver?.Invoke(call);
        Attentions.Forward(Workers, call);
    }

    /// <summary>The gradients of attention; segments and their gradients are keys and values in turn.</summary>
    protected void AttentionGradient(
        in MatrixOperand dOutput,
        in MatrixOperand output,
        in MatrixOperand logSum,
        in MatrixOperand query,
        ReadOnlySpan<MatrixOperand> segments,
        in MatrixOperand dQuery,
        ReadOnlySpan<MatrixOperand> dSegments,
        int heads,
        in MatrixOperand bias = default) =>
        Attentions.Backward(Workers, new AttentionGradientCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            QueryRows = query.Rows,
            Query = At(query),
            Segments = Segments(stackalloc AttentionSegment[segments.Length / 2], segments, dSegments),
            Bias = At(bias),
            Output = At(output),
            LogSum = At(logSum),
            OutputGradient = At(dOutput),
            QueryGradient = At(dQuery),
        });

    /// <summary>turned = each head of x turned by its token's row of the table, or turned back.</summary>
    protected void Rotate(in MatrixOperand x, in MatrixOperand table, in MatrixOperand turned, bool interleaved, bool back) =>
        Rotations.Run(
            Workers,
            RowsOf(turned),
            turned.Columns / (table.Columns / 2),
            table.Columns / 2,
            interleaved,
            back,
            At(x),
            At(table),
            At(turned));

    /// <summary>heads = each head of x as a row of its own.</summary>
    protected void SplitHeads(in MatrixOperand x, in MatrixOperand heads, int count) =>
        HeadRows.Split(Workers, RowsOf(x), count, heads.Columns, At(x), At(heads));

    /// <summary>x = the rows that are a token's heads beside each other.</summary>
    protected void JoinHeads(in MatrixOperand heads, in MatrixOperand x, int count) =>
        HeadRows.Join(Workers, RowsOf(x), count, heads.Columns, At(heads), At(x));

    /// <summary>The gradient of attention's bias, summed over the images.</summary>
    protected void AttentionBiasGradient(
        in MatrixOperand dOutput,
        in MatrixOperand output,
        in MatrixOperand logSum,
        in MatrixOperand query,
        in MatrixOperand key,
        in MatrixOperand value,
        in MatrixOperand bias,
        in MatrixOperand dBias,
        int heads)
    {
        AttentionSegment segment = new(key.Rows, At(key), At(value));
        var call = new AttentionGradientCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            QueryRows = query.Rows,
            Query = At(query),
            Segments = new(ref segment),
            Bias = At(bias),
            Output = At(output),
            LogSum = At(logSum),
            OutputGradient = At(dOutput),
        };
        Attentions.BackwardOfBias(Workers, call, At(dBias));
    }

    /// <summary>Biases of all pairs of tokens from a table with a row for each relative position.</summary>
    protected void ExpandRelativeBias(in MatrixOperand table, in MatrixOperand bias, int height, int width, int inserted) =>
        RelativeBiases.Expand(Workers, new(height, width, inserted), table.Columns, At(table), At(bias));

    /// <summary>The gradient of that table.</summary>
    protected void ExpandRelativeBiasGradient(in MatrixOperand dBias, in MatrixOperand dTable, int height, int width, int inserted) =>
        RelativeBiases.Collect(Workers, new(height, width, inserted), dTable.Columns, At(dBias), At(dTable));

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
