namespace VptDsl;

/// <summary>
/// A classifier of several layers on the features: the paper's "MLP-k" has k of them. Each but the last is linear, of the features' width,
/// with a rectifier, batch normalisation and dropout after it, in the order of the paper's code. It is always trained.
/// </summary>
/// <remarks>
/// <para>
/// Trains <c>head.projection.{4i}.{weight,bias}</c>, <c>head.projection.{4i + 2}.{weight,bias}</c> for the normalisation of hidden layer i,
/// and <c>head.{weight,bias}</c>. A step normalises by the mean and the variance of its batch; running ones,
/// <c>head.projection.{4i + 2}.{running_mean,running_var}</c>, follow them with momentum 0.1, serve inference, and are saved with the task.
/// </para>
/// <para>A step on a single image has no variance to normalise by: hidden layers then give their shift.</para>
/// </remarks>
/// <example><code>[MlpHead(Classes = 102, Layers = 3)]</code></example>
public sealed class MlpHeadAttribute : HeadAttribute
{
    /// <summary>
    /// The most classes that a task may have, 2 or more; 1,000 unless stated. The data say how many a task has, and cost and result are as
    /// if so many were stated here, but for the memory of the head's last layer.
    /// </summary>
    public int Classes { get; set; } = 1000;

    /// <summary>
    /// Whether an image can have several classes, or none: each is learned by itself, by binary cross-entropy of the sigmoid of its logit,
    /// and so are probabilities given. False unless stated: an image has one class.
    /// </summary>
    public bool MultiLabel { get; set; }

    /// <summary>
    /// The number of layers, the last included; 3 unless stated, as in the paper. 1 is <see cref="LinearHeadAttribute"/>.
    /// </summary>
    public int Layers { get; set; } = 3;

    /// <summary>
    /// The share of each hidden layer's outputs that a training step drops by chance, the others scaled up to make up for it; from 0 up to,
    /// not including, 1. 0.1 unless stated, as in the paper's code.
    /// </summary>
    public double Dropout { get; set; } = 0.1;

    /// <summary>
    /// Whether the normalisations keep the statistics that they start with (mean 0, variance 1, or a task file's), in training too; false
    /// unless stated. For batches that are too small to measure.
    /// </summary>
    public bool FrozenStatistics { get; set; }
}
