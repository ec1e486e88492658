namespace VptDsl.Compiler.Spec;

/// <summary>What the head reads of the last layer's tokens; numbered as the library's.</summary>
internal enum TokenPool
{
    ClassToken,
    ImageTokens,
    Prompts,
    AllButClass,
    All,
}

/// <summary>Where the final normalisation stands; numbered as the library's.</summary>
internal enum FinalNorm
{
    BeforePool,
    AfterPool,
}

/// <summary>What tells a patch's place; numbered as the library's.</summary>
internal enum PositionEmbedding
{
    Learned,
    SineCosine,
}
