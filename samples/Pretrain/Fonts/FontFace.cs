using SkiaSharp;

namespace Pretrain.Fonts;

/// <summary>One typeface of a font file, and the outlines of its characters. Allows use from several threads at once.</summary>
internal sealed class FontFace
{
    /// <summary>The size in which outlines are drawn; they are scaled afterwards.</summary>
    private const float OutlineSize = 128;

    /// <summary>Letters of one shape, such as A in Latin, Greek and Cyrillic, often share a glyph.</summary>
    private const int MostUses = 4;

    private const int Unseen = 10;

    private readonly SKTypeface _typeface;

    private FontFace(SKTypeface typeface)
    {
        _typeface = typeface;
        IsHeldOut = HashOf(typeface.FamilyName) % Unseen == 0;
    }

    /// <summary>The name that its weights and slopes share.</summary>
    public string Family => _typeface.FamilyName;

    /// <summary>Whether training does not see its family: one in ten, by a hash of its name.</summary>
    public bool IsHeldOut { get; }

    /// <summary>The typefaces of files, in order.</summary>
    public static FontFace[] Open(IReadOnlyList<string> files) => [.. files.SelectMany(Open)];

    /// <summary>Whether the typeface has a glyph for each character.</summary>
    /// <remarks>Neither the one for what is missing nor one that stands for a whole block is any.</remarks>
    public bool[] Holds(int[] characters)
    {
        ushort[] glyphs = _typeface.GetGlyphs(characters);
        int[] uses = new int[ushort.MaxValue + 1];
        foreach (ushort glyph in glyphs)
            uses[glyph]++;
        return Array.ConvertAll(glyphs, glyph => glyph != 0 && uses[glyph] <= MostUses);
    }

    /// <summary>The outline of a character, anywhere and of any size; null where it has none, as in fonts of bitmaps.</summary>
    public SKPath? Outline(int character)
    {
        using var font = new SKFont(_typeface, OutlineSize) { Hinting = SKFontHinting.None, LinearMetrics = true };
        SKPath? path = font.GetGlyphPath(_typeface.GetGlyph(character));
        if (path is { IsEmpty: false } && path.TightBounds is { Width: > 0 } or { Height: > 0 })
            return path;
        path?.Dispose();
        return null;
    }

    private static IEnumerable<FontFace> Open(string file)
    {
        // A collection holds several, and nothing says how many.
        for (int index = 0; SKTypeface.FromFile(file, index) is { } typeface; index++)
            yield return new FontFace(typeface);
    }

    // FNV-1a: the runtime's own hash differs from run to run.
    private static uint HashOf(string text)
    {
        uint hash = 2166136261;
        foreach (char letter in text)
            hash = (hash ^ letter) * 16777619;
        return hash;
    }
}
