namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The relative positions of the pairs in a sequence: a class token, then tokens that have no position, then a grid of tokens row by row.
/// </summary>
/// <remarks>
/// They are numbered as in BEiT (Bao et al., 2022): first how far a query of the grid is below and to the right of a key, row by row from
/// (1 - <paramref name="Height"/>, 1 - <paramref name="Width"/>) on; then a class token's query and a key of the grid, a query of the grid
/// and the class token's key, and the class token with itself. Pairs with a token that has no position have a bias of 0.
/// </remarks>
/// <param name="Height">Rows of the grid.</param>
/// <param name="Width">Tokens of a row.</param>
/// <param name="Inserted">Tokens between the class token and the grid, such as prompts.</param>
internal sealed record RelativePositions(int Height, int Width, int Inserted = 0)
{
    /// <summary>All positions.</summary>
    public int Count => Offsets + 3;

    /// <summary>Those of two tokens of the grid.</summary>
    public int Offsets => ((2 * Height) - 1) * OffsetsInRow;

    /// <summary>Those of two tokens of the grid that are a certain number of rows apart.</summary>
    public int OffsetsInRow => (2 * Width) - 1;

    /// <summary>That of the class token's query and a key of the grid.</summary>
    public int FromClass => Offsets;

    /// <summary>That of a query of the grid and the class token's key.</summary>
    public int ToClass => Offsets + 1;

    /// <summary>That of the class token with itself.</summary>
    public int OfClass => Offsets + 2;

    /// <summary>Tokens of the sequence.</summary>
    public int Tokens => FirstOfGrid + (Height * Width);

    /// <summary>The first token of the grid.</summary>
    public int FirstOfGrid => 1 + Inserted;

    public bool IsValid => Height > 0 && Width > 0 && Inserted >= 0;

    /// <summary>What routines take.</summary>
    public IReadOnlyList<OperationAttribute> Attributes => [Height, Width, Inserted];

    /// <summary>What they are called in names.</summary>
    public string Name => $"{Height}x{Width}{(Inserted == 0 ? "" : $"After{Inserted}")}";

    public string Describe() =>
        FormattableString.Invariant($"relative positions in {Height} × {Width}{(Inserted == 0 ? "" : $" after {Inserted}")}");
}
