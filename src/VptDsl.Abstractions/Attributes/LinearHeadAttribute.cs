namespace VptDsl;

/// <summary>A linear classifier on the features that the backbone delivers (section 3.2 of the paper). It is always trained.</summary>
/// <remarks>Trains <c>head.weight</c>, <c>[classes, width]</c>, and <c>head.bias</c>, <c>[classes]</c>.</remarks>
/// <example><code>[LinearHead(Classes = 102)]</code></example>
public sealed class LinearHeadAttribute : HeadAttribute
{
    /// <summary>The number of classes to tell apart; 2 or more. It must be stated.</summary>
    public int Classes { get; set; }
}
