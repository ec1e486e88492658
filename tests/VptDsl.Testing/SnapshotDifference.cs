using System.Globalization;
using System.Text;

namespace VptDsl.Testing;

/// <summary>Shows where two texts begin to differ.</summary>
internal static class SnapshotDifference
{
    private const int LinesShown = 5;

    public static string Describe(string verified, string received)
    {
        string[] expected = verified.Split('\n');
        string[] actual = received.Split('\n');
        int first = 0;
        while (first < expected.Length && first < actual.Length && expected[first] == actual[first])
            first++;

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The first difference is in line {first + 1}; '-' is verified, '+' received:");
        Append(text, '-', expected, first);
        Append(text, '+', actual, first);
        return text.ToString();
    }

    private static void Append(StringBuilder text, char sign, string[] lines, int first)
    {
        foreach (string line in lines.Skip(first).Take(LinesShown))
            text.Append('\n').Append(sign).Append(' ').Append(line);
        if (first >= lines.Length)
            text.Append('\n').Append(sign).Append(" (the text ends before)");
    }
}
