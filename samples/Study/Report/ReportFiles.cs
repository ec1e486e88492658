using System.Text;

namespace Study.Report;

/// <summary>Writes the report: as one page that needs no other file, and as Markdown with its pictures beside it.</summary>
internal static class ReportFiles
{
    /// <summary>Writes pages and pictures, and returns the HTML page's path.</summary>
    public static string Write(string folder, StudyResults results)
    {
        Directory.CreateDirectory(folder);
        var blocks = ReportContent.Of(results);
        foreach (Picture picture in blocks.OfType<Gallery>().SelectMany(gallery => gallery.Pictures))
            Files.Replace(Path.Combine(folder, picture.FileName), picture.Png);
        Files.Replace(Path.Combine(folder, "report.md"), Encoding.UTF8.GetBytes(MarkdownPage.Render(ReportContent.Title, blocks)));
        string page = Path.Combine(folder, "report.html");
        Files.Replace(page, Encoding.UTF8.GetBytes(HtmlPage.Render(ReportContent.Title, blocks)));
        return page;
    }
}
