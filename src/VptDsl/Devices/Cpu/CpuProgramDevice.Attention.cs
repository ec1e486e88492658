namespace VptDsl.Devices.Cpu;

/// <content>Attention over segments of tokens.</content>
public abstract unsafe partial class CpuProgramDevice
{
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
