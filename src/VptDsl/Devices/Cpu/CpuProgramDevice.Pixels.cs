namespace VptDsl.Devices.Cpu;

/// <content>The operations of segmentation.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>Square maps of pixels, enlarged by bilinear interpolation.</summary>
    protected void Upsample(in MatrixOperand map, in MatrixOperand enlarged, int size, int factor) =>
        Upsamples.Forward(Workers, ImagesOf(map), size, factor, map.Columns, At(map), At(enlarged));

    /// <summary>The gradient of the enlarged maps' source.</summary>
    protected void UpsampleGradient(in MatrixOperand dEnlarged, in MatrixOperand dMap, int size, int factor) =>
        Upsamples.Backward(Workers, ImagesOf(dMap), size, factor, dMap.Columns, At(dEnlarged), At(dMap));

    /// <summary>The cross-entropy of each image's pixels, the share that is right, and how many pixels of the batch count.</summary>
    protected void PixelCrossEntropy(
        in MatrixOperand logits,
        in MatrixOperand labels,
        in MatrixOperand losses,
        in MatrixOperand correct,
        in MatrixOperand counted,
        int ignored) =>
        PixelLosses.Evaluate(
            Workers, Batch, logits.Rows, logits.Columns, ignored, At(logits), At(labels), At(losses), At(correct), At(counted));

    /// <summary>(softmax(logits) - one-hot(labels)) / counted, and 0 where a pixel does not count.</summary>
    protected void PixelCrossEntropyGradient(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand counted, in MatrixOperand dLogits, int ignored) =>
        PixelLosses.Differentiate(
            Workers, Batch, logits.Rows, logits.Columns, ignored, At(logits), At(labels), *At(counted).Data, At(dLogits));
}
