namespace VptDsl.Programs;

/// <summary>
/// The regions of device memory that a program addresses. Every element is a 32-bit float, or two of bfloat16 in its place.
/// </summary>
public enum Region
{
    /// <summary>The images of the batch, [batch, channels, height, width].</summary>
    Inputs,

    /// <summary>The labels of the batch, [batch, labels of an image], as floats.</summary>
    Labels,

    /// <summary>How much each image of the batch counts in the loss, [batch].</summary>
    ImageWeights,

    /// <summary>
    /// How the target of each image of the batch differs from its label alone, [batch, 4]: another class, that class's share, the share
    /// that all classes get alike, and the number of these classes. Zeros are no difference.
    /// </summary>
    Softening,

    /// <summary>The frozen parameters.</summary>
    Weights,

    /// <summary>The trained parameters.</summary>
    Trained,

    /// <summary>The gradients of the trained parameters, laid out as <see cref="Trained"/>.</summary>
    Gradients,

    /// <summary>What the gradients of a batch's first pieces add up to, laid out as <see cref="Trained"/>.</summary>
    AccumulatedGradients,

    /// <summary>The moving average of the trained parameters, laid out as <see cref="Trained"/>.</summary>
    Averages,

    /// <summary>The moving average of <see cref="Statistics"/>, laid out like them.</summary>
    AveragedStatistics,

    /// <summary>The optimiser's first moments (SGD: the momentum buffer), laid out as <see cref="Trained"/>.</summary>
    FirstMoments,

    /// <summary>The optimiser's second moments, laid out as <see cref="Trained"/>.</summary>
    SecondMoments,

    /// <summary>Everything a step computes, at offsets planned at compile time.</summary>
    Arena,

    /// <summary>What the frozen layers made of the batch's images, where a model has layers that nothing trained comes before.</summary>
    Features,

    /// <summary>What the head read of the batch's images in the last inference, [batch, width].</summary>
    Embeddings,

    /// <summary>What training steps measure instead of learning it: running statistics of batch normalisation.</summary>
    Statistics,

    /// <summary>What was computed once from frozen parameters, such as weights with batch normalisation folded in.</summary>
    Folded,

    /// <summary>What chance in a training step is computed from: two whole numbers for each place that drops elements.</summary>
    Noise,

    /// <summary>
    /// The frozen weights of the product under way, where memory holds them in bfloat16 and the device's kernels read floats.
    /// </summary>
    Unpacked,
}
