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

    /// <summary>The class token and, beside it, the mean of the image's tokens: features twice as wide as a token, as for DINOv2.</summary>
    ClassAndImage,

    /// <summary>
    /// What a learned query finds among the image's tokens, through a projection and an MLP (<c>attn_pool.*</c>), as in SigLIP. It belongs
    /// to the backbone: it is frozen unless the last layers or everything is trained.
    /// </summary>
    Attention,
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
    /// <summary>A learned vector for each place, and for each token before the patches.</summary>
    Learned,

    /// <summary>Sines and cosines of column and row, which are never trained, as in MoCo v3. The width must be a multiple of 4.</summary>
    SineCosine,

    /// <summary>A learned vector for each place alone, as in SigLIP, DeiT III and DINOv2 with registers.</summary>
    LearnedOnPatches,

    /// <summary>Nothing that is added to tokens, as in DINOv3.</summary>
    None,
}

/// <summary>How queries and keys are turned by their patches' places. What is no patch, prompts among it, is never turned.</summary>
/// <remarks>The width of a head must be a multiple of 4: half of it turns with the row, half with the column.</remarks>
public enum RotaryEmbedding
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>
    /// Each channel with the one half a head further on, by coordinates from -1 to 1 of patches' centres, as in DINOv3; periods
    /// grow to 100.
    /// </summary>
    Halves,

    /// <summary>
    /// Neighbouring channels, by rows and columns counted in the grid of pre-training
    /// (<see cref="VisionTransformerAttribute.RotaryGrid"/>), as in EVA-02; periods grow to 10,000.
    /// </summary>
    Pairs,
}

/// <summary>Which of query, key and value have a bias.</summary>
public enum AttentionBias
{
    /// <summary>All three, by <c>attn.qkv.bias</c>.</summary>
    All,

    /// <summary>Query and value, by <c>attn.q_bias</c> and <c>attn.v_bias</c>, as in BEiT and EVA-02.</summary>
    QueryAndValue,

    /// <summary>None of them, as in DINOv3.</summary>
    None,
}

/// <summary>What an MLP does between its two layers.</summary>
public enum MlpForm
{
    /// <summary>It applies the activation.</summary>
    Plain,

    /// <summary>
    /// It multiplies the second half of its first layer's outputs by SiLU of the first half (SwiGLU), as in DINOv2 giant: <c>mlp.fc1</c>
    /// has twice as many rows as the MLP is wide.
    /// </summary>
    Gated,

    /// <summary>As <see cref="Gated"/>, and normalises the products, by <c>mlp.norm.*</c>, as in EVA-02 base and large.</summary>
    GatedAndNormalized,
}
