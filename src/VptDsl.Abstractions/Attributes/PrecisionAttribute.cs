namespace VptDsl;

/// <summary>
/// Has matrix products and attention run on the tensor cores of NVIDIA's GPUs, from SM_80 on, and says what these multiply. On every other
/// device, the CPU among them, all is float32.
/// </summary>
/// <remarks>
/// It is no part of what the model means: tasks and checkpoints hold float32, and a task that was trained in one precision is used in any
/// other. A run that was interrupted goes on only in its own. Of a project's models, those without the attribute have what the build
/// property <c>VptDslTensorCores</c> says, or none of these kernels. They have run on no GPU yet.
/// </remarks>
/// <param name="precision">What tensor cores multiply.</param>
/// <example><code>[Precision(Precision.BFloat16)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PrecisionAttribute(Precision precision) : Attribute
{
    /// <summary>What tensor cores multiply.</summary>
    public Precision Precision { get; } = precision;
}

/// <summary>What is multiplied in matrix products and attention. Sums, softmax and all that memory holds are float32 in any case.</summary>
public enum Precision
{
    /// <summary>Floats of 24 bits. On tensor cores each is the sum of two of 11, and three products stand for one.</summary>
    Float32,

    /// <summary>Floats rounded to 11 bits, halves away from zero.</summary>
    TensorFloat32,

    /// <summary>Floats rounded to 8 bits, halves to even.</summary>
    BFloat16,
}
