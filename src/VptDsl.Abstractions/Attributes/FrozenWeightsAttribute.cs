namespace VptDsl;

/// <summary>
/// Says in what a device's memory holds the frozen weights of matrix products: <see cref="WeightStorage.BFloat16"/> takes half the memory.
/// </summary>
/// <remarks>
/// <para>
/// They are rounded when they are loaded, halves to even, and computed with as floats, on every device and in training and inference alike:
/// a model with this attribute computes what one without it computes of rounded weights. Biases, normalisation, class token and position
/// embeddings, prompts, heads and all that is trained stay float32, and so does a frozen weight that anything but a product reads.
/// </para>
/// <para>
/// It is no part of what the model means: a task that was trained with one storage is used with any other. A run that was interrupted goes
/// on only with its own.
/// </para>
/// </remarks>
/// <param name="storage">What memory holds.</param>
/// <example><code>[FrozenWeights(WeightStorage.BFloat16)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FrozenWeightsAttribute(WeightStorage storage) : Attribute
{
    /// <summary>What memory holds.</summary>
    public WeightStorage Storage { get; } = storage;
}

/// <summary>In what memory holds a weight.</summary>
public enum WeightStorage
{
    /// <summary>Floats of 24 bits, 4 bytes each.</summary>
    Float32,

    /// <summary>Floats rounded to 8 bits, halves to even, 2 bytes each.</summary>
    BFloat16,
}
