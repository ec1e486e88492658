using System.Collections.Immutable;
using VptDsl.Training.Recipes;
using static System.FormattableString;

namespace Study.Report;

/// <summary>What the report says.</summary>
internal static class ReportContent
{
    /// <summary>The report's title.</summary>
    public const string Title = "Ways to tune a frozen vision transformer";

    /// <summary>The report, piece by piece.</summary>
    public static ImmutableArray<Block> Of(StudyResults results)
    {
        Method first = results.Methods[0];
        Recipe recipe = first.Protocol.Recipe;
        ImmutableArray<FinalRun> finals = first.Outcomes[0].Report.Finals;
        int seeds = finals.Length, epochs = finals[0].TrainLosses.Length;
        string accuracies = seeds > 1 ? Invariant($"mean ± standard deviation over {seeds} seeds") : "those of one seed";
        string tasks = string.Join(", ", first.Outcomes.Select(o => $"{o.Task.Name} ({o.Task.Kind}: {o.Task.Source})"));
        return
        [
            new Paragraph(Invariant($"""
                A vision transformer of {first.Outcomes[0].BackboneParameters:N0} parameters, pre-trained on characters and clothes, learns
                three small tasks, one of each kind that VTAB has: {tasks}. Learning rates and weight decays were chosen on validation
                images; then each method was trained on all 1,000 labelled images of a task and measured on 3,000 test images, after
                {epochs} epochs in batches of {recipe.BatchSize}. Accuracies are {accuracies}, here and in the curves.
                """)),
            new Gallery([new Picture("Accuracy by parameters", Charts.DrawAccuracies(results.Methods))]),
            MethodTables.Accuracies(results),
            new Paragraph("""
                Groups and “total” follow Table 1 of the paper: the total is what 24 such tasks would store, in backbones. Scope is what
                is tuned beside the head: the input, by prompts, or the backbone, its own parameters or networks put to it. In parentheses,
                the tasks on which a method is better than full tuning.
                """),
            MethodTables.Costs(results),
            new Paragraph(Invariant($"""
                Seconds and peak memory are those of a process that trains on the digits once, while nothing else of the study runs: the
                time of the training, and all memory, runtime, images and weights included, a GPU's own not; {MethodTables.NotTold} where
                the system does not tell it, as macOS. Planned is what the compiler gives a step of {recipe.BatchSize} images for
                activations and gradients. Rates are for a batch of 256, and stand before their weight decay; {MethodTables.EdgeMark}
                marks a rate that is the lowest or highest of those tried, so that a better one may lie beyond.
                """)),
            new Heading("The paper's claims"),
            new Paragraph("""
                The paper's numbers are those of its Table 1, mean accuracies over the tasks of a kind. A difference holds where it has the
                same sign.
                """),
            PaperComparison.Claims(results),
            new Paragraph("Places of the methods, by accuracy:"),
            PaperComparison.Places(results),
            new Paragraph("How much the two orders agree, from −1 (reversed) over 0 to 1 (the same):"),
            PaperComparison.Agreement(results),
            .. PaperComparison.Reversals(results),
            new Heading("Curves"),
            new Gallery(
            [
                .. results.Curves.Select(curve => new Picture(curve.Title, Charts.Draw(curve))),
                new Picture("Training loss", Charts.DrawLosses(results.Methods.Select(method => method.On(StudyTask.Digits)))),
            ]),
            new Paragraph(
                (seeds > 1 ? "Bars are one standard deviation to either side. The training loss is that of the first seed. " : "")
                    + "All are of the digits, with rate and weight decay of the table's row. Below, each accuracy."),
            .. results.Curves.Select(CurveTable),
            new Heading("Final features"),
            new Paragraph(Invariant($"What the head reads of {StudyRun.DrawnImages} test images, drawn by t-SNE; a colour is a digit.")),
            new Gallery([.. results.Embeddings.Select(e => FeaturePicture(e.Method, e.Images))]),
        ];
    }

    private static Picture FeaturePicture(string method, (float[] Features, int[] Labels) images) =>
        new("Features " + method, Charts.DrawEmbeddings(method, images.Features, images.Labels));

    /// <summary>The numbers of a curve: a row for each place on its axis.</summary>
    private static Table CurveTable(Curve curve) => new(
        [curve.Axis, .. curve.Series.Select(line => line.Name)],
        [
            .. curve.Series.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order().Select(x => (ImmutableArray<string>)
            [
                Invariant($"{x}"),
                .. curve.Series
                    .Select(line => line.Points.Single(point => point.X == x).Outcome)
                    .Select(outcome => outcome.AccuracyText),
            ]),
        ]);
}
