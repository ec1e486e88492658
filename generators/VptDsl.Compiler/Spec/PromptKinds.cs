namespace VptDsl.Compiler.Spec;

/// <summary>Kinds of prompts, each of which a backbone can take or not.</summary>
[Flags]
internal enum PromptKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Tokens that join the sequence.</summary>
    Tokens = 1,

    /// <summary>Tokens that a linear layer brings to the width of the sequence, or that several layers share.</summary>
    TokensOfOneWidth = 2,

    /// <summary>What is added to tokens.</summary>
    Added = 4,

    /// <summary>Patches of pixels.</summary>
    Patches = 8,

    /// <summary>Further channels of the image.</summary>
    Channels = 16,

    /// <summary>Pixels around the image.</summary>
    Pixels = 32,

    /// <summary>Whatever a method of the user's describes.</summary>
    Methods = 64,

    /// <summary>All kinds.</summary>
    All = 127,
}
