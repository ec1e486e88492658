using System.Globalization;

namespace VptDsl.Tool.Shell;

/// <summary>Makes names of files and classes fit for a terminal, which takes some characters for commands.</summary>
internal static class Printable
{
    /// <summary>
    /// A name on its line, with a question mark for each character that is a command, a break of the line or not to be seen.
    /// </summary>
    public static string Of(string name) => Replace(name, IsCommand);

    /// <summary>A text of several lines, likewise; its line breaks and tabs stay.</summary>
    public static string OfLines(string text) =>
        Replace(text.ReplaceLineEndings("\n"), c => c is not ('\n' or '\t') && IsCommand(c));

    private static string Replace(string text, Func<char, bool> isReplaced) => string.Concat(text.Select(c => isReplaced(c) ? '?' : c));

    // Marks that turn the direction of writing or take no room can make a name look like another. Joiners belong to the spelling of many
    // languages and to emoji.
    private static bool IsCommand(char c) => c is not ('\u200c' or '\u200d') && CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
