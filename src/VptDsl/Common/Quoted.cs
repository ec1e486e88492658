using System.Globalization;
using System.Text;

namespace VptDsl.Common;

/// <summary>Makes text from files fit for messages: a hostile file chooses its names and could fill or garble a terminal.</summary>
internal static class Quoted
{
    private const int LongestName = 120;
    private const int LongestText = 1000;

    /// <summary>A name in quotes, without control characters and cut to a readable length.</summary>
    public static string Name(string name) => Clean(name, LongestName);

    /// <summary>A longer text in quotes, without control characters and cut to a readable length.</summary>
    public static string Text(string text) => Clean(text, LongestText);

    /// <summary>A shape as in <c>[768, 3, 16, 16]</c>.</summary>
    public static string Shape<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";

    // Marks that turn the direction of writing or take no room make a name look like another.
    private static bool IsPlain(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Clean(string text, int longest)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            quoted.Append(IsPlain(c) ? c : '?');
        }

        if (text.Length > longest)
        {
            quoted.Append('…');
        }

        return quoted.Append('"').ToString();
    }
}
