namespace VptDsl.Programs;

/// <summary>How the rows of position embeddings follow each other: what is no patch, then a grid of patches, row by row.</summary>
public sealed record PatchGrid
{
    /// <summary>Rows of a grid and of what is before it.</summary>
    /// <param name="prefix">Rows before those of the patches.</param>
    /// <param name="height">Patches along an image's height.</param>
    /// <param name="width">Patches along an image's width.</param>
    public PatchGrid(int prefix, int height, int width) => (Prefix, Height, Width) = (prefix, height, width);

    /// <summary>Rows before those of the patches, such as the class token's.</summary>
    public int Prefix { get; }

    /// <summary>Patches along an image's height.</summary>
    public int Height { get; }

    /// <summary>Patches along an image's width.</summary>
    public int Width { get; }

    /// <summary>All rows.</summary>
    public int Rows => Prefix + (Height * Width);
}
