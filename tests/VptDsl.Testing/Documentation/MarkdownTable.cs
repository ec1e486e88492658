using System.Text.RegularExpressions;

namespace VptDsl.Testing.Documentation;

/// <summary>A table of a Markdown page.</summary>
/// <param name="Head">The columns' titles.</param>
/// <param name="Rows">The cells below them.</param>
internal sealed partial record MarkdownTable(string[] Head, string[][] Rows)
{
    /// <summary>The tables of a page.</summary>
    public static IReadOnlyList<MarkdownTable> Of(string page) =>
    [
        .. Lines().Matches(RepositoryFiles.Read(page))
            .Select(match => match.Value.TrimEnd().Split('\n').Select(Cells).ToArray())
            .Select(lines => new MarkdownTable(lines[0], lines[2..])),
    ];

    /// <summary>Whether it has all of some columns.</summary>
    public bool Has(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            if (!Head.Contains(column))
                return false;
        }

        return true;
    }

    /// <summary>The cells of a column.</summary>
    public IEnumerable<string> Column(string title) => Rows.Select(row => row[Array.IndexOf(Head, title)]);

    /// <summary>The row that has a cell in a column.</summary>
    public string[] Row(string column, string cell) => Rows.Single(row => row[Array.IndexOf(Head, column)] == cell);

    private static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];

    [GeneratedRegex(@"^\|.*\n\|[ :|-]+\n(?:\|.*\n?)+", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
