namespace VptDsl;

/// <summary>A linear classifier on the features that the backbone delivers (section 3.2 of the paper). It is always trained.</summary>
/// <remarks>Trains <c>head.weight</c>, <c>[classes, width]</c>, and <c>head.bias</c>, <c>[classes]</c>.</remarks>
/// <example><code>[LinearHead]</code></example>
public sealed class LinearHeadAttribute : HeadAttribute
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
}
