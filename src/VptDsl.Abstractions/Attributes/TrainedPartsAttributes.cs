namespace VptDsl;

/// <summary>
/// Trains the last layers of the backbone and the normalisation after them, as well as the head and any prompts: the paper's "Partial-k".
/// </summary>
/// <remarks>
/// What comes before those layers is computed once for an image and kept, see <c>FitOptions.FeatureCacheBytes</c>.
/// Goes together with prompts and with <see cref="TrainBiasesAttribute"/> and <see cref="TrainClassTokenAttribute"/>.
/// </remarks>
/// <param name="count">How many layers, from 1 to all of them.</param>
/// <example><code>[TrainLastLayers(1)]   // Partial-1</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainLastLayersAttribute(int count) : Attribute
{
    /// <summary>How many layers, from 1 to all of them.</summary>
    public int Count { get; } = count;
}

/// <summary>
/// Trains every bias of the backbone (each parameter with <c>bias</c> in its name: of normalisations, of attention, of the MLPs, of
/// the patch embedding, and Swin's tables of relative position biases), as well as the head and any prompts: the paper's "Bias", also known
/// as BitFit and TinyTL-bias.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainBiasesAttribute : Attribute;

/// <summary>Trains the backbone's class token as well as the head and any prompts.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainClassTokenAttribute : Attribute;
