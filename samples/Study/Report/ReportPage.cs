using System.Globalization;
using System.Net;
using System.Text;

namespace Study.Report;

/// <summary>Writes the report: one page that needs no other file, and its pictures beside it.</summary>
internal static class ReportPage
{
    /// <summary>Writes page and pictures, and returns the page's path.</summary>
    public static string Write(string folder, StudyResults results)
    {
        Directory.CreateDirectory(folder);
        var html = new StringBuilder();
        html.Append("""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Ways to tune a frozen vision transformer</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
            table { border-collapse: collapse; }
            th, td { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #ddd; }
            th:first-child, td:first-child { text-align: left; }
            img { max-width: 100%; }
            .row { display: flex; flex-wrap: wrap; gap: 1rem; }
            </style>
            <h1>Ways to tune a frozen vision transformer</h1>

            """);
        html.Append(CultureInfo.InvariantCulture, $"""
            <p>A vision transformer of {Catalogue.BackboneParameters:N0} parameters, pre-trained on clothes, learns handwritten digits.
            Learning rates were chosen on validation images; then each method was trained on all labelled images and measured on 3,000 test
            images, after {Catalogue.Methods[0].Recipe.Epochs} epochs in batches of {Catalogue.Methods[0].Recipe.BatchSize}. Columns follow Table 1 of the paper: what 24 such tasks would store, in backbones, and what one task trains.</p>

            """);
        Table(html, results);
        html.Append("<h2>Curves</h2>\n<div class=\"row\">\n");
        foreach (Curve curve in results.Curves)
            Picture(html, folder, curve.Title, Charts.Draw(curve));
        Picture(html, folder, "Training loss", Charts.DrawLosses(results.Methods));
        html.Append("</div>\n<h2>Final features</h2>\n<p>What the head reads of 500 test images, drawn by t-SNE; a colour is a digit.</p>\n<div class=\"row\">\n");
        foreach (var (method, (features, labels)) in results.Embeddings)
            Picture(html, folder, "Features " + method, Charts.DrawEmbeddings(method, features, labels));
        html.Append("</div>\n</html>\n");

        string page = Path.Combine(folder, "report.html");
        Replace(page, Encoding.UTF8.GetBytes(html.ToString()));
        return page;
    }

    private static void Table(StringBuilder html, StudyResults results)
    {
        html.Append("<table>\n<tr><th>method<th>total, ×<th>trained parameters<th>% of backbone<th>task, bytes<th>test accuracy, %<th>seconds<th>memory of a step, MB<th>rate, decay</tr>\n");
        foreach (Outcome outcome in results.Methods)
        {
            Protocol protocol = outcome.Protocol;
            html.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{WebUtility.HtmlEncode(protocol.Name)}<td>{outcome.TotalForPaper:F2}<td>{outcome.Model.TrainedFloats:N0}<td>{100 * outcome.Trained:F2}<td>{outcome.TaskBytes:N0}<td>{outcome.Accuracy:F1} ± {outcome.Deviation:F1}<td>{outcome.Seconds:F1}<td>{protocol.StepBytes(protocol.Recipe.BatchSize) / 1e6:F1}<td>{outcome.Report.Best.LearningRate}, {outcome.Report.Best.WeightDecay}</tr>

                """);
        }

        html.Append("</table>\n<p>Mean ± standard deviation over ").Append(results.Methods[0].Report.Finals.Length)
            .Append(" seeds. Seconds are those of one run; memory is what the compiler planned for activations and gradients of a batch of ")
            .Append(results.Methods[0].Protocol.Recipe.BatchSize).Append(".</p>\n");
    }

    private static void Picture(StringBuilder html, string folder, string title, byte[] png)
    {
        Replace(Path.Combine(folder, title.ToLowerInvariant().Replace(' ', '-') + ".png"), png);
        html.Append("<img alt=\"").Append(WebUtility.HtmlEncode(title)).Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(png)).Append("\">\n");
    }

    private static void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".tmp", content);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
