using System.Net;
using System.Text;

namespace Study.Report;

/// <summary>Writes the report's pieces as a page that holds its pictures.</summary>
internal static class HtmlPage
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
        p { max-width: 48rem; }
        table { border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid #ddd; }
        th { vertical-align: bottom; line-height: 1.2; }
        td { white-space: nowrap; }
        th:first-child, td:first-child { padding-left: 0; }
        .name { text-align: left; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 1rem; }
        img { width: 100%; }
        """;

    /// <summary>The page's text.</summary>
    public static string Render(string title, IEnumerable<Block> blocks)
    {
        var page = new StringBuilder($"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {Style}
            </style>
            <h1>{WebUtility.HtmlEncode(title)}</h1>

            """);
        foreach (Block block in blocks)
        {
            page.Append(block switch
            {
                Heading heading => $"<h2>{WebUtility.HtmlEncode(heading.Text)}</h2>\n",
                Paragraph paragraph => $"<p>{WebUtility.HtmlEncode(paragraph.Text)}</p>\n",
                Table table => Render(table),
                Gallery gallery => $"<div class=\"gallery\">\n{string.Concat(gallery.Pictures.Select(Render))}</div>\n",
                _ => throw new ArgumentException($"A {block.GetType().Name} has no HTML.", nameof(blocks)),
            });
        }

        return page.Append("</html>\n").ToString();
    }

    private static string Render(Table table)
    {
        return $"<table>\n{Row("th", table.Head)}{string.Concat(table.Rows.Select(row => Row("td", row)))}</table>\n";

        string Row(string cell, IEnumerable<string> texts) => $"<tr>{string.Concat(texts.Select((text, i) => Cell(cell, i, text)))}</tr>\n";

        string Cell(string cell, int column, string text) =>
            $"<{cell}{(column < table.TextColumns ? " class=\"name\"" : "")}>{WebUtility.HtmlEncode(text)}";
    }

    private static string Render(Picture picture) =>
        $"<img alt=\"{WebUtility.HtmlEncode(picture.Title)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png)}\">\n";
}
