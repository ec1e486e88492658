using System.Text;

namespace Study.Report;

/// <summary>Writes the report's pieces as Markdown.</summary>
internal static class MarkdownPage
{
    /// <summary>The page's text.</summary>
    public static string Render(string title, IEnumerable<Block> blocks)
    {
        var page = new StringBuilder().Append("# ").Append(title).Append('\n');
        foreach (Block block in blocks)
        {
            page.Append('\n').Append(block switch
            {
                Heading heading => $"## {heading.Text}\n",
                Paragraph paragraph => paragraph.Text + "\n",
                Table table => Render(table),
                Gallery gallery => string.Concat(gallery.Pictures.Select(picture => $"![{picture.Title}]({picture.FileName})\n")),
                _ => throw new ArgumentException($"A {block.GetType().Name} has no Markdown.", nameof(blocks)),
            });
        }

        return page.ToString();
    }

    private static string Render(Table table) =>
        Line(table.Head) + Line(table.Head.Select((_, column) => column < table.TextColumns ? "---" : "---:"))
            + string.Concat(table.Rows.Select(row => Line(row)));

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
