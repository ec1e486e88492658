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
