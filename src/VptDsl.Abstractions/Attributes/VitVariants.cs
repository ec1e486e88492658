namespace VptDsl;

/// <summary>What the head reads of the last layer's tokens. Means are taken over tokens.</summary>
public enum TokenPool
{
    /// <summary>The class token.</summary>
    ClassToken,

    /// <summary>The mean of the image's tokens.</summary>
    ImageTokens,

    /// <summary>The mean of the prompts, of which some must come out of the last layer.</summary>
    Prompts,

    /// <summary>The mean of all tokens but the class token, prompts included.</summary>
    AllButClass,

    /// <summary>The mean of all tokens.</summary>
    All,
}

/// <summary>Where the final normalisation stands.</summary>
public enum FinalNorm
{
    /// <summary>Before the pool: every token is normalised, by <c>norm.*</c>.</summary>
    BeforePool,

    /// <summary>
    /// After the pool, by <c>fc_norm.*</c>, as where masked autoencoders are tuned. A checkpoint's <c>norm.*</c> is not used; a
    /// checkpoint without <c>fc_norm.*</c> gives a scale of 1 and a shift of 0.
    /// </summary>
    AfterPool,
}

/// <summary>What tells a patch's place.</summary>
public enum PositionEmbedding
{
    /// <summary>A learned vector for each place.</summary>
    Learned,

    /// <summary>Sines and cosines of column and row, which are never trained, as in MoCo v3. The width must be a multiple of 4.</summary>
    SineCosine,
}
