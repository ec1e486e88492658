using VptDsl.Training;

namespace VptDsl.Tool.Reports;

/// <summary>A report as one HTML file that needs nothing else: no network, no script.</summary>
internal static class ReportPage
{
    private const int MostPairs = 30, TopClasses = 5;

    private static readonly Markup Styles = new(ReadStyles());

    /// <summary>The whole page.</summary>
    public static Markup Of(RunReport report) => Markup.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Printable.Of(report.Title)}</title>
        <style>
        {Styles}</style>
        </head>
        <body>
        <h1>{Markup.Name(report.Title)}</h1>
        {Figures(report)}
        {Section("The model", Rows(report.Facts))}
        {(report.Options.Count > 0 ? Section("The run", Rows(report.Options)) : Markup.Empty)}
        {Curves(report.Log)}
        {Section("What was taken for what", ConfusionChart.Of(report.Evaluation.Confusion, report.Names))}
        {Pairs(report)}
        {Mistakes(report)}
        {Attention(report)}
        {Classes(report)}
        </body>
        </html>

        """);

    private static Markup Figures(RunReport report)
    {
        Evaluation evaluation = report.Evaluation;
        List<(string Name, Markup Value)> figures = [("accuracy", Percent(evaluation.Accuracy))];
        if (TopClasses < report.Names.Count && evaluation.TopAccuracy(TopClasses) is { } top)
            figures.Add(($"among the {TopClasses} most probable", Percent(top)));
        figures.Add(("balanced accuracy", Percent(evaluation.BalancedAccuracy)));
        figures.Add(("mean loss", Markup.Of($"{evaluation.MeanLoss:F4}")));
        figures.Add(("images", Markup.Of($"{evaluation.Count}")));
        figures.Add(("classes", Markup.Of($"{report.Names.Count}")));
        return Markup.Of(
            $"<div class=\"figures\">{Markup.Join(figures.Select(f => Markup.Of($"<p><b>{f.Value}</b> {f.Name}</p>")))}</div>");
    }

    private static Markup Rows(IReadOnlyList<(string Name, string Value)> facts)
    {
        IEnumerable<Markup> rows = facts.Select(fact =>
            Markup.Of($"<tr><th scope=\"row\">{fact.Name}</th><td>{Markup.Name(fact.Value)}</td></tr>\n"));
        return Markup.Of($"<table class=\"facts\"><tbody>\n{Markup.Join(rows)}</tbody></table>\n");
    }

    private static Markup Curves(LoggedRun? log)
    {
        if (log is null)
            return Markup.Empty;
        Markup charts = Markup.Join(
        [
            LineChart.Of(
                "Loss", new ChartLine("step", "step", log.Of("train/step_loss")), new ChartLine("training", "train", log.Of("train/loss")),
                new ChartLine("validation", "validation", log.Of("validation/loss"))),
            LineChart.Of(
                "Accuracy", new ChartLine("training", "train", log.Of("train/accuracy")),
                new ChartLine("validation", "validation", log.Of("validation/accuracy"))),
            LineChart.Of("Learning rate", new ChartLine("learning rate", "train", log.Of("train/learning_rate"))),
        ]);
        return charts == Markup.Empty ? Markup.Empty : Section("How the run went", Markup.Of(
            $"<p>By updates of the parameters.</p><div class=\"charts\">{charts}</div>"));
    }

    private static Markup Pairs(RunReport report)
    {
        ConfusedPair[] pairs =
            [.. report.Evaluation.Confusion.MostConfused(MostPairs).Where(p => Math.Max(p.Actual, p.Predicted) < report.Names.Count)];
        if (pairs.Length == 0)
            return Markup.Empty;
        IEnumerable<Markup> rows = pairs.Select(pair => Markup.Of(
            $"""
            <tr><td>{Markup.Name(report.Names[pair.Actual])}</td><td>{Markup.Name(report.Names[pair.Predicted])}</td>
            <td class="number">{pair.Count}</td>
            <td class="number">{Percent(pair.Count / (double)report.Evaluation.Confusion.Count(pair.Actual))}</td></tr>

            """));
        return Section(
            "Most confused",
            Markup.Of(
                $"""
                <div class="wide"><table><thead><tr><th>images of</th><th>taken for</th>
                <th class="number">how many</th><th class="number">of the class</th></tr></thead>
                <tbody>{Markup.Join(rows)}</tbody></table></div>
                """));
    }

    private static Markup Classes(RunReport report)
    {
        ConfusionMatrix confusion = report.Evaluation.Confusion;
        ILookup<int, ConfusedPair> wrong = confusion.MostConfused(int.MaxValue)
            .Where(pair => pair.Predicted < report.Names.Count).ToLookup(pair => pair.Actual);
        IEnumerable<Markup> rows = Enumerable.Range(0, report.Names.Count)
            .OrderBy(label => double.IsNaN(confusion.Recall(label)) ? 2 : confusion.Recall(label)).ThenBy(label => label)
            .Select(label =>
            {
                Markup other = wrong[label].Select(pair => Markup.Of($"{Markup.Name(report.Names[pair.Predicted])} ({pair.Count})"))
                    .FirstOrDefault(Markup.Empty);
                return Markup.Of(
                    $"""
                    <tr><td class="number">{label}</td><td>{Markup.Name(report.Names[label])}</td>
                    <td class="number">{confusion.Count(label)}</td><td class="number">{Percent(confusion.Recall(label))}</td>
                    <td class="number">{Percent(confusion.Precision(label))}</td><td>{other}</td></tr>

                    """);
            });
        return Section(
            "Classes, those that go wrong most first",
            Markup.Of(
                $"""
                <div class="wide"><table><thead><tr><th class="number">number</th><th>class</th><th class="number">images</th>
                <th class="number">accuracy</th><th class="number">precision</th><th>most often taken for</th></tr></thead>
                <tbody>{Markup.Join(rows)}</tbody></table></div>
                """));
    }

    private static Markup Mistakes(RunReport report)
    {
        if (report.Mistakes.Count == 0)
            return Markup.Empty;
        IEnumerable<Markup> pictures = report.Mistakes.Select(shown => Markup.Of(
            $"""
            <figure><img src="{shown.Picture}" alt="" title="{Printable.Of(shown.File)}"><figcaption>
            <span class="is">{Markup.Name(report.Names[shown.Mistake.Actual])} {Percent(shown.Mistake.ActualProbability)}</span>
            <span class="taken">{Markup.Name(NameOf(report, shown.Mistake.Predicted))} {Percent(shown.Mistake.Probability)}</span>
            </figcaption></figure>

            """));
        Markup number = report.MistakeCount == report.Mistakes.Count
            ? Markup.Of($"All {report.MistakeCount} mistakes")
            : Markup.Of($"{report.Mistakes.Count} of {report.MistakeCount} mistakes");
        return Section(
            "Mistakes",
            Markup.Of(
                $"""
                <p>{number}, the surest first: what the image shows and what it was taken for, each with its probability.</p>
                <div class="pictures">{Markup.Join(pictures)}</div>
                """));
    }

    private static Markup Attention(RunReport report)
    {
        if (report.Attention.Count == 0)
            return Markup.Empty;
        IEnumerable<Markup> images = report.Attention.Select(shown =>
        {
            IEnumerable<Markup> maps = shown.Maps.Select(map => Markup.Of(
                $"""
                <figure><img src="{Thumbnail.AddressOf(map.Png)}" alt=""><figcaption>{map.Name}</figcaption></figure>

                """));
            Markup prompts = shown.OnPrompts is { } share
                ? Markup.Of($"; {Percent(share)} of its attention goes to prompts")
                : Markup.Empty;
            return Markup.Of(
                $"""
                <p>{Markup.Name(Path.GetFileName(shown.File))}: {Markup.Name(shown.Predicted)} {Percent(shown.Probability)}{prompts}</p>
                <div class="pictures">{Markup.Join(maps)}</div>

                """);
        });
        return Section(
            "Where the model looks",
            Markup.Of(
                $"""
                <p>The more colour, the more attention, the mean of the heads. "output": what is read of the image looks at the patches, in
                the last layer. "prompt": the patches look at the prompt, in the last layer where they look at anything.</p>
                {Markup.Join(images)}
                """));
    }

    // Heads of task files of 0.1.0 have classes that have no name.
    private static string NameOf(RunReport report, int label) => label < report.Names.Count ? report.Names[label] : $"{label}";

    private static Markup Section(string title, Markup content) => Markup.Of($"<section><h2>{title}</h2>\n{content}</section>\n");

    private static Markup Percent(double share) => double.IsNaN(share) ? Markup.Of($"–") : Markup.Of($"{100 * share:F1} %");

    private static string ReadStyles()
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
