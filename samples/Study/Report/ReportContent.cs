using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Training.Recipes;

namespace Study.Report;

/// <summary>What the report says.</summary>
internal static class ReportContent
{
    /// <summary>The report's title.</summary>
    public const string Title = "Ways to tune a frozen vision transformer";

    private const string EdgeMark = "†";

    /// <summary>The report, piece by piece.</summary>
    public static ImmutableArray<Block> Of(StudyResults results)
    {
        Recipe recipe = results.Methods[0].Outcome.Protocol.Recipe;
        ImmutableArray<FinalRun> finals = results.Methods[0].Outcome.Report.Finals;
        int seeds = finals.Length, epochs = finals[0].TrainLosses.Length;
        string accuracies = seeds > 1 ? Text($"mean ± standard deviation over {seeds} seeds") : "those of one seed";
        return
        [
            new Paragraph(Text($"""
                A vision transformer of {Catalogue.BackboneParameters:N0} parameters, pre-trained on clothes, learns handwritten digits.
                Learning rates were chosen on validation images; then each method was trained on all labelled images and measured on
                3,000 test images, after {epochs} epochs in batches of {recipe.BatchSize}. Accuracies are {accuracies},
                here and in the curves.
                """)),
            MethodTable(results.Methods, recipe.BatchSize),
            new Paragraph(Text($"""
                “Total” follows Table 1 of the paper: what 24 such tasks would store, in backbones. Seconds are those of one run, its test
                included. Peak memory is that of a whole process that trains for one epoch: runtime, images and weights included, a GPU's
                own memory not. Planned is what the compiler gives a step of {recipe.BatchSize} images for activations and gradients.
                Rates are for a batch of 256, with a weight decay of {recipe.WeightDecays[0]}; {EdgeMark} marks a rate that is the lowest or
                highest of those tried, so that a better one may lie beyond.
                """)),
            new Heading("Curves"),
            new Gallery(
            [
                .. results.Curves.Select(curve => new Picture(curve.Title, Charts.Draw(curve))),
                new Picture("Training loss", Charts.DrawLosses(results.Methods.Select(method => method.Outcome))),
            ]),
            new Paragraph((seeds > 1 ? "Bars are one standard deviation to either side. The training loss is that of the first seed. " : "")
                + "Below, each accuracy with its rate."),
            .. results.Curves.Select(CurveTable),
            new Heading("Final features"),
            new Paragraph(Text($"What the head reads of {StudyRun.DrawnImages} test images, drawn by t-SNE; a colour is a digit.")),
            new Gallery([.. results.Embeddings.Select(e => FeaturePicture(e.Method, e.Images))]),
        ];
    }

    private static Picture FeaturePicture(string method, (float[] Features, int[] Labels) images) =>
        new("Features " + method, Charts.DrawEmbeddings(method, images.Features, images.Labels));

    private static Table MethodTable(IEnumerable<Method> methods, int batch) => new(
        [
            "method", "total, ×", "trained parameters", "% of backbone", "task, bytes", "test accuracy, %", "seconds", "peak memory, MB",
            "planned for a step, MB", "rate",
        ],
        [.. methods.Select(method => Row(method, batch))]);

    private static ImmutableArray<string> Row(Method method, int batch)
    {
        Outcome outcome = method.Outcome;
        return
        [
            outcome.Protocol.Name, Text($"{outcome.TotalForPaper:F2}"), Text($"{outcome.Model.TrainedFloats:N0}"),
            Text($"{100 * outcome.Trained:F2}"),
            Text($"{outcome.TaskBytes:N0}"), outcome.AccuracyText, Text($"{outcome.Seconds:F1}"), Text($"{method.PeakBytes / 1e6:F0}"),
            Text($"{outcome.Protocol.StepBytes(batch) / 1e6:F1}"), Text($"{outcome.Rate}{Edge(outcome)}"),
        ];
    }

    /// <summary>The numbers of a curve: a row for each place on its axis.</summary>
    private static Table CurveTable(Curve curve) => new(
        [curve.Axis, .. curve.Series.Select(line => line.Name)],
        [
            .. curve.Series.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order().Select(x => (ImmutableArray<string>)
            [
                Text($"{x}"),
                .. curve.Series
                    .Select(line => line.Points.Single(point => point.X == x).Outcome)
                    .Select(outcome => Text($"{outcome.AccuracyText} at {outcome.Rate}{Edge(outcome)}")),
            ]),
        ]);

    private static string Edge(Outcome outcome) => outcome.IsRateAtEdge ? EdgeMark : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
