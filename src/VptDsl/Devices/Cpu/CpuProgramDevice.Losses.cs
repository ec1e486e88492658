namespace VptDsl.Devices.Cpu;

/// <content>Losses and their gradients.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>The cross-entropy of each image.</summary>
    protected void CrossEntropy(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand softening, in MatrixOperand losses) =>
        Losses.CrossEntropy(
            Workers, Batch, logits.Columns, At(logits), new(At(labels).Data, At(weights).Data, (Softening*)At(softening).Data),
            At(losses).Data);

    /// <summary>weights · (softmax(logits) - targets) / batch.</summary>
    protected void CrossEntropyGradient(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand softening, in MatrixOperand dLogits) =>
        Losses.CrossEntropyGradient(
            Workers, Batch, logits.Columns, At(logits), new(At(labels).Data, At(weights).Data, (Softening*)At(softening).Data), 1f / Batch,
            At(dLogits));

    /// <summary>The cross-entropies of each image's classes, summed.</summary>
    protected void BinaryCrossEntropy(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand losses) =>
        BinaryLosses.Evaluate(Workers, Batch, logits.Columns, At(logits), At(labels), At(weights), At(losses));

    /// <summary>weights · (sigmoid(logits) - labels) / batch.</summary>
    protected void BinaryCrossEntropyGradient(
        in MatrixOperand logits, in MatrixOperand labels, in MatrixOperand weights, in MatrixOperand dLogits) =>
        BinaryLosses.Differentiate(
            Workers, Batch, logits.Columns, At(logits), At(labels), At(weights), 1f / Batch, At(dLogits));

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
