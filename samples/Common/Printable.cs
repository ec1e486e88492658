using System.Globalization;

namespace Samples;

/// <summary>Makes names of files and classes fit for a terminal, which takes some characters for commands.</summary>
internal static class Printable
{
    /// <summary>The text with a question mark for each character that is a command.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => IsCommand(c) ? '?' : c));

    // Marks that turn the direction of writing can make a name look like another.
    private static bool IsCommand(char c) => c is not ('\n' or '\t')
        && (char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
