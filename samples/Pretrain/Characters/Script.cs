using System.Globalization;
using System.Text;

namespace Pretrain.Characters;

/// <summary>A script, as the blocks of Unicode that hold its letters.</summary>
/// <param name="Name">The script.</param>
/// <param name="Blocks">The first and the last code point of each block.</param>
internal sealed record Script(string Name, params (int First, int Last)[] Blocks)
{
    /// <summary>Scripts of few and simple letters come first; of characters that look alike, the first is kept.</summary>
    public static IReadOnlyList<Script> All { get; } =
    [
        new("Latin", (0x41, 0x24F)),
        new("Greek", (0x370, 0x3E1)),
        new("Cyrillic", (0x400, 0x52F)),
        new("Hebrew", (0x5D0, 0x5EA)),
        new("Arabic", (0x620, 0x6D5)),
        new("Hiragana", (0x3041, 0x3096)),
        new("Katakana", (0x30A1, 0x30FA)),
        new("Devanagari", (0x904, 0x939)),
        new("Bengali", (0x985, 0x9B9)),
        new("Gurmukhi", (0xA05, 0xA39)),
        new("Gujarati", (0xA85, 0xAB9)),
        new("Odia", (0xB05, 0xB39)),
        new("Tamil", (0xB85, 0xBB9)),
        new("Telugu", (0xC05, 0xC39)),
        new("Kannada", (0xC85, 0xCB9)),
        new("Malayalam", (0xD05, 0xD3A)),
        new("Sinhala", (0xD85, 0xDC6)),
        new("Thai", (0xE01, 0xE2E)),
        new("Lao", (0xE81, 0xEAE)),
        new("Tibetan", (0xF40, 0xF6C)),
        new("Myanmar", (0x1000, 0x102A)),
        new("Georgian", (0x10A0, 0x10FF)),
        new("Armenian", (0x531, 0x586)),
        new("Ethiopic", (0x1200, 0x135A)),
        new("Cherokee", (0x13A0, 0x13F5)),
        new("Canadian syllabics", (0x1401, 0x167F)),
        new("Ogham and runes", (0x1681, 0x16EA)),
        new("Khmer", (0x1780, 0x17B3)),
        new("Mongolian", (0x1820, 0x1878)),
        new("Tifinagh", (0x2D30, 0x2D67)),
        new("Glagolitic", (0x2C00, 0x2C5E)),
        new("Coptic", (0x2C80, 0x2CE4)),
        new("Bopomofo", (0x3105, 0x312F)),
        new("Symbols", (0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0xA1, 0xBF), (0x2013, 0x2046), (0x20A0, 0x20BF),
            (0x2190, 0x23FF), (0x25A0, 0x27BF)) { IsOfSymbols = true },
        new("Hangul", (0xAC00, 0xD7A3)) { KeepsComposed = true },
        new("Han", (0x4E00, 0x9FFF)),
    ];

    /// <summary>Whether characters that Unicode takes apart, such as syllables, are characters of the script.</summary>
    private bool KeepsComposed { get; init; }

    /// <summary>Whether its characters are symbols instead of letters.</summary>
    private bool IsOfSymbols { get; init; }

    /// <summary>Its letters or symbols, without numbers, marks and forms of other characters.</summary>
    public IEnumerable<int> Characters() => Blocks
        .SelectMany(block => Enumerable.Range(block.First, block.Last - block.First + 1))
        .Where(Rune.IsValid)
        .Where(character => IsSymbol(CharUnicodeInfo.GetUnicodeCategory(character)) is { } isSymbol && isSymbol == IsOfSymbols)
        .Where(character => KeepsComposed || char.ConvertFromUtf32(character).IsNormalized(NormalizationForm.FormKD));

    private static bool? IsSymbol(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter => false,
        UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherSymbol or UnicodeCategory.OtherPunctuation
            or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation => true,
        _ => null,
    };
}
