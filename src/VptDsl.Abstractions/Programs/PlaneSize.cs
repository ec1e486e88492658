using System.Globalization;

namespace VptDsl;

/// <summary>Height and width: of an image or a patch in pixels, of a grid in patches. A number stands for a square.</summary>
public readonly record struct PlaneSize
{
    /// <summary>A size.</summary>
    /// <param name="height">Rows of pixels or patches.</param>
    /// <param name="width">Pixels or patches in a row.</param>
    public PlaneSize(int height, int width) => (Height, Width) = (height, width);

    /// <summary>Rows of pixels or patches.</summary>
    public int Height { get; }

    /// <summary>Pixels or patches in a row.</summary>
    public int Width { get; }

    /// <summary>Whether both are the same.</summary>
    public bool IsSquare => Height == Width;

    /// <summary>Height times width, of a size that was checked.</summary>
    internal int Count => Height * Width;

    /// <summary>Height times width. A double never overflows, whatever sizes a user states.</summary>
    internal double Area => (double)Height * Width;

    /// <summary>The smaller of the two.</summary>
    internal int Shorter => Height < Width ? Height : Width;

    /// <summary>The size of a square.</summary>
    /// <param name="side">Its height and width.</param>
    public static implicit operator PlaneSize(int side) => new(side, side);

    /// <summary>The size as people write it: 224 for a square, 224x320 for 224 rows of 320.</summary>
    public override string ToString() => IsSquare ? Height.ToString(CultureInfo.InvariantCulture) : Sides;

    /// <summary>Height and width, also of a square: 14x14.</summary>
    internal string Sides => FormattableString.Invariant($"{Height}x{Width}");

    /// <summary>The size as C# has it where one is asked for: a square's number converts to it.</summary>
    internal string Code => IsSquare ? ToString() : FormattableString.Invariant($"new({Height}, {Width})");

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    internal static bool TryParse(string text, out PlaneSize size)
    {
        string[] sides = text.Split('x');
        size = default;
        if (sides.Length > 2 || !TryParseSide(sides[0], out int height) || !TryParseSide(sides[sides.Length - 1], out int width))
            return false;
        size = new(height, width);
        return true;
    }

    /// <summary>How many parts of a size lie below and beside each other, without what is left over.</summary>
    internal PlaneSize Over(PlaneSize part) => new(Height / part.Height, Width / part.Width);

    /// <summary>Whether parts of a size cover it without a rest.</summary>
    internal bool IsMultipleOf(PlaneSize part) => Height % part.Height == 0 && Width % part.Width == 0;

    /// <summary>The size with a border on each side.</summary>
    internal PlaneSize Bordered(int border) => new(Height + (2 * border), Width + (2 * border));

    private static bool TryParseSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side);
}
