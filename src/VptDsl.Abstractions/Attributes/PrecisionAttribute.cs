namespace VptDsl;

/// <summary>
/// Has matrix products and attention run on the tensor cores of NVIDIA's GPUs, from SM_80 on, and says what these multiply. On every other
/// device, the CPU among them, all that is computed is float32; but with <see cref="Precision.BFloat16"/> every device keeps what a
/// training step saves for its backward pass in bfloat16, for about half the memory.
/// </summary>
/// <remarks>
/// It is no part of what the model means: tasks and checkpoints hold float32, and a task that was trained in one precision is used in any
/// other. A run that was interrupted goes on only in its own, and one that saves in bfloat16 only where that is done. Of a project's
/// models, those without the attribute have what the build property <c>VptDslTensorCores</c> says, or none of these kernels. They have run
/// on no GPU yet.
/// </remarks>
/// <param name="precision">What tensor cores multiply.</param>
/// <example><code>[Precision(Precision.BFloat16)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PrecisionAttribute(Precision precision) : Attribute
{
    /// <summary>What tensor cores multiply.</summary>
    public Precision Precision { get; } = precision;
}

/// <summary>
/// What is multiplied in matrix products and attention. Sums and softmax are float32 in any case, and so is all that memory holds but what
/// <see cref="BFloat16"/> says.
/// </summary>
public enum Precision
{
    /// <summary>Floats of 24 bits. On tensor cores each is the sum of two of 11, and three products stand for one.</summary>
    Float32,

    /// <summary>Floats rounded to 11 bits, halves away from zero.</summary>
    TensorFloat32,

    /// <summary>
    /// Floats rounded to 8 bits, halves to even. The backward pass reads as much of what the forward pass computed, on every device: saved
    /// activations take half the memory.
    /// </summary>
    BFloat16,
}
