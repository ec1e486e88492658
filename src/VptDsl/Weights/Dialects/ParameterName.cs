namespace VptDsl.Weights.Dialects;

/// <summary>A canonical parameter name in its parts: <c>blocks.3.attn.qkv.weight</c> is block 3, member attn.qkv, leaf weight.</summary>
/// <param name="Block">The block's number as it stands in the name; null outside of blocks.</param>
/// <param name="Member">What stands before the leaf, without the block; empty for a name of one part.</param>
/// <param name="Leaf">The last part.</param>
internal readonly record struct ParameterName(string? Block, string Member, string Leaf)
{
    private const string BlockPrefix = "blocks.";

    /// <summary>Takes a name apart.</summary>
    public static ParameterName Parse(string name)
    {
        int lastDot = name.LastIndexOf('.');
        (string owner, string leaf) = lastDot < 0 ? ("", name) : (name[..lastDot], name[(lastDot + 1)..]);
        if (!owner.StartsWith(BlockPrefix, StringComparison.Ordinal))
        {
            return new ParameterName(null, owner, leaf);
        }

        string inBlocks = owner[BlockPrefix.Length..];
        int dot = inBlocks.IndexOf('.');
        return dot < 0 ? new ParameterName(inBlocks, "", leaf) : new ParameterName(inBlocks[..dot], inBlocks[(dot + 1)..], leaf);
    }
}
