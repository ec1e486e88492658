namespace VptDsl.Programs;

/// <summary>
/// How the tokens of a vision transformer follow each other: what is no patch, then the patches of a square grid, row by row.
/// </summary>
internal static class TokenLayout
{
    /// <summary>Tokens before those of the patches: the class token.</summary>
    public const int PrefixTokens = 1;
}
