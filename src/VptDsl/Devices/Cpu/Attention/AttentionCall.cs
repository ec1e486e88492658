namespace VptDsl.Devices.Cpu;

/// <summary>Tokens that attention reads: their keys and values. An image stride of 0 means that all images share them.</summary>
/// <param name="rows">Tokens of an image.</param>
/// <param name="keys">Keys, heads side by side.</param>
/// <param name="values">Values, heads side by side.</param>
/// <param name="keyGradient">Where the keys' gradient goes, if it is wanted; the sum over images where the keys are shared.</param>
/// <param name="valueGradient">Where the values' gradient goes, if it is wanted; the sum over images where the values are shared.</param>
internal readonly struct AttentionSegment(
    int rows, in Matrix keys, in Matrix values, in Matrix keyGradient = default, in Matrix valueGradient = default)
{
    public int Rows { get; } = rows;

    public Matrix Keys { get; } = keys;

    public Matrix Values { get; } = values;

    public Matrix KeyGradient { get; } = keyGradient;

    public Matrix ValueGradient { get; } = valueGradient;
}

/// <summary>Scaled dot-product attention of queries over all segments' keys; head h has columns h * HeadDim .. of every operand.</summary>
internal readonly ref struct AttentionCall
{
    /// <summary>The most segments a call may have.</summary>
    public const int MostSegments = 4;

    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The number of heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Columns of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Queries of an image.</summary>
    public required int QueryRows { get; init; }

    /// <summary>The queries; an image stride of 0 means that all images share them.</summary>
    public required Matrix Query { get; init; }

    /// <summary>The tokens that are read, 1 to <see cref="MostSegments"/> of them.</summary>
    public required ReadOnlySpan<AttentionSegment> Segments { get; init; }

    /// <summary>
    /// Added to the scaled scores of the first segment's tokens, for all images the same: a row for each query; head h has columns
    /// h * tokens .. of it. Absent if nothing is added.
    /// </summary>
    public Matrix Bias { get; init; }

    /// <summary>The result, always with a batch.</summary>
    public required Matrix Output { get; init; }

    /// <summary>Log of the sum of the exponentials of each query's scaled scores, a column for each head; absent if not wanted.</summary>
    public Matrix LogSum { get; init; }
}

/// <summary>The gradient of <see cref="AttentionCall"/>; what is computed is what there is a place for.</summary>
internal readonly ref struct AttentionGradientCall
{
    /// <inheritdoc cref="AttentionCall.Images"/>
    public required int Images { get; init; }

    /// <inheritdoc cref="AttentionCall.Heads"/>
    public required int Heads { get; init; }

    /// <inheritdoc cref="AttentionCall.HeadDim"/>
    public required int HeadDim { get; init; }

    /// <inheritdoc cref="AttentionCall.QueryRows"/>
    public required int QueryRows { get; init; }

    /// <inheritdoc cref="AttentionCall.Query"/>
    public required Matrix Query { get; init; }

    /// <summary>The tokens that were read, with the places of their gradients.</summary>
    public required ReadOnlySpan<AttentionSegment> Segments { get; init; }

    /// <inheritdoc cref="AttentionCall.Bias"/>
    public Matrix Bias { get; init; }

    /// <summary>The forward pass's result.</summary>
    public required Matrix Output { get; init; }

    /// <summary>The forward pass's <see cref="AttentionCall.LogSum"/>.</summary>
    public required Matrix LogSum { get; init; }

    /// <summary>The result's gradient, always with a batch.</summary>
    public required Matrix OutputGradient { get; init; }

    /// <summary>Where the queries' gradient goes, if it is wanted; the sum over images where the queries are shared.</summary>
    public Matrix QueryGradient { get; init; }
}
