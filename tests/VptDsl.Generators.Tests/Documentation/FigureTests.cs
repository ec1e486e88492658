using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects figures in README and docs from growing stale: they are what the generator says of the same declaration.</summary>
public sealed class FigureTests
{
    private const string Readme = "README.md", Compiler = "docs/how-the-compiler-works.md";

    private const string Digits =
        "[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)] [LinearHead(Classes = 10)]";

    private const string Scenes = "[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 40, Channels = 1)]";

    private const string Naive = "one sequence through every sub-layer, image by image",
        Pruned = "with what depends on no image once a step";

    private static readonly GeneratedFacts Flower = OfBase("[DeepPrompt(Tokens = 50)]"), LongFlower = OfBase("[DeepPrompt(Tokens = 200)]");

    [Fact]
    public void The_readmes_model_is_what_it_says()
    {
        (long shared, long perImage) = Flower.StepFloats;
        new Figure(Readme, "FlowerTuner.TrainableParameters` is @,", Whole(Flower.TrainableParameters)).Check();
        new Figure(Readme, @"FlowerTuner.StepBytes\(8\)` is @,", Whole(4 * (shared + (8 * perImage)))).Check();
        new Figure(Readme, "prompts and head, @ MB", Tenths(Flower.TaskBytes / 1e6)).Check();
        new Figure(Readme, "shrinks from @ GFLOP an image", Tenths(Flower.Row(Naive)[0])).Check();
        new Figure(Readme, "GFLOP an image to @,", Tenths(Flower.Row(Pruned)[0])).Check();
        new Figure(Readme, "and @ once for the batch", Tenths(Flower.Row(Pruned)[3])).Check();
        new Figure(Readme, "with 200 prompts, from @ to", Tenths(LongFlower.Row(Naive)[0])).Check();
        new Figure(Readme, "with 200 prompts, from [0-9.]+ to @ and", Tenths(LongFlower.Row(Pruned)[0])).Check();
        new Figure(Readme, "with 200 prompts, from [0-9.]+ to [0-9.]+ and @\\.", Tenths(LongFlower.Row(Pruned)[3])).Check();
        new Figure(Readme, "needs @ MB an image, with 50", Rounded(4 * perImage / 1e6)).Check();
        Assert.Equal(perImage, LongFlower.StepFloats.PerImage);
    }

    [Theory]
    [InlineData("linear", "")]
    [InlineData("shallow", "[ShallowPrompt(Tokens = 10)]")]
    [InlineData("deep", "[DeepPrompt(Tokens = 10)]")]
    [InlineData("custom", "[DeepPrompt(Tokens = 10, Layers = \"..2\")]")]
    [InlineData("full", "[TrainEverything]")]
    public void The_quick_starts_table_counts_what_is_trained(string row, string prompts)
    {
        GeneratedFacts model = GeneratedFacts.Of($"{Digits} {prompts}");
        new Figure(Readme, $@"│ {row} +│ +@ │", Whole(model.TrainableParameters)).Check();
        new Figure(
            Readme,
            $@"│ {row} +│ +[0-9,]+ │ +@ │",
            (100.0 * model.TrainableParameters / model.BackboneParameters).ToString("F2", CultureInfo.InvariantCulture)).Check();
    }

    [Fact]
    public void The_formula_of_the_step_is_the_generated_one()
    {
        (long shared, long perImage) = Flower.StepFloats;
        new Figure(Compiler, @"StepBytes\(batch\) = 4 · \(@ \+", shared.ToString(CultureInfo.InvariantCulture)).Check();
        new Figure(Compiler, @"StepBytes\(batch\) = 4 · \([0-9]+ \+ @ · batch", perImage.ToString(CultureInfo.InvariantCulture)).Check();
    }

    [Fact]
    public void What_pruning_saves_is_the_difference_of_the_explanations_rows()
    {
        IReadOnlyList<double> naive = Flower.Row(Naive), used = Flower.Row("without what no result depends on"),
            narrow = Flower.Row("without rows that nothing reads");
        new Figure(Compiler, @"\*Saves\* @ GFLOP an image of the", Tenths(naive[1] - used[1])).Check();
        new Figure(Compiler, "forward pass and @ of the backward pass", Tenths(naive[2] - used[2])).Check();
        new Figure(Compiler, "by the first pass, @ and", Tenths(used[1] - narrow[1])).Check();
        new Figure(Compiler, @"by the first pass, [0-9.]+ and @ more", Tenths(used[2] - narrow[2])).Check();
        new Figure(Compiler, "holds @\\. The arena", Rounded(4 * Flower.StepFloats.PerImage / 1e6)).Check();
    }

    [Fact]
    public void Costs_in_sentences_are_those_of_their_declarations()
    {
        GeneratedFacts started = GeneratedFacts.Of("[Vit(VitSize.Base)] [DeepPrompt(Tokens = 10)] [LinearHead(Classes = 5)]");
        new Figure("docs/getting-started.md", "the head for five classes: @ kB", Rounded(started.TaskBytes / 1e3)).Check();
        new Figure("docs/parallel-training.md", "sends what it trains, @ MB", Tenths(4 * Flower.TrainableParameters / 1e6)).Check();

        const string Reference = "docs/dsl-reference.md";
        GeneratedFacts again = OfBase("[DeepPrompt(Tokens = 50)] [Recompute]");
        new Figure(Reference, "a step then needs @ MB for each image", Tenths(4 * again.StepFloats.PerImage / 1e6)).Check();
        new Figure(Reference, "for each image instead of @ MB", Tenths(4 * Flower.StepFloats.PerImage / 1e6)).Check();
        GeneratedFacts packed = OfBase("[DeepPrompt(Tokens = 50)] [Precision(Precision.BFloat16)]");
        new Figure(Reference, "with 50 deep prompts needs @ MB instead", Tenths(4 * packed.StepFloats.PerImage / 1e6)).Check();
        GeneratedFacts padded = GeneratedFacts.Of("[ConvNeXt(ConvNeXtSize.Tiny)] [PadPrompt(Pixels = 5)] [LinearHead(Classes = 2)]");
        new Figure(Reference, "and the head; @ for 5 pixels", Whole(padded.TrainableParameters - (2 * (768 + 1)))).Check();

        const string Kernels = "docs/kernels.md";
        (string Row, string Prompts)[] schemes = [("shallow", "[ShallowPrompt(Tokens = 50)]"), ("deep", "[DeepPrompt(Tokens = 50)]")];
        foreach ((string row, string prompts) in schemes)
        {
            foreach ((string suffix, string recompute) in new[] { ("", ""), (", recomputed", "[Recompute]") })
            {
                (long _, long before) = OfBase($"{prompts} {recompute}").StepFloats;
                (long once, long after) = OfBase($"{prompts} {recompute} [Precision(Precision.BFloat16)]").StepFloats;
                string start = $@"\| {row}, 50{suffix} \| ";
                new Figure(Kernels, start + @"@ MB \|", Tenths(4 * before / 1e6)).Check();
                new Figure(Kernels, start + @"[0-9.]+ MB \| @ MB \|", Tenths(4 * after / 1e6)).Check();
                new Figure(Kernels, start + @"[0-9.]+ MB \| [0-9.]+ MB \| @ GB \|", Hundredths(4 * (once + (64 * before)) / 1e9)).Check();
                new Figure(
                    Kernels,
                    start + @"[0-9.]+ MB \| [0-9.]+ MB \| [0-9.]+ GB \| @ GB \|",
                    Hundredths(4 * (once + (64 * after)) / 1e9)).Check();
            }
        }

        (long shared, long perImage) = Flower.ScratchFloats;
        new Figure(Kernels, @"it is 4 · \(@ \+", shared.ToString(CultureInfo.InvariantCulture)).Check();
        new Figure(Kernels, @"it is 4 · \([0-9]+ \+ @ · batch", perImage.ToString(CultureInfo.InvariantCulture)).Check();
        new Figure(Kernels, "with 8 images @ MB", Tenths(4 * (shared + (8 * perImage)) / 1e6)).Check();
        new Figure(Kernels, "MB beside @ MB", Rounded(4 * (Flower.StepFloats.Shared + (8 * Flower.StepFloats.PerImage)) / 1e6)).Check();
    }

    [Fact]
    public void Time_limits_of_a_gpus_check_are_those_of_its_script()
    {
        MarkdownTable table = MarkdownTable.Of("docs/gpu.md").Single(table => table.Has("Section", "Limit"));
        IEnumerable<(string, string)> stated = table.Rows.SelectMany(row =>
        {
            string[] limits = [.. row[2].Split(", ").Select(limit => limit.Split(' ')[0])];
            string[] sections = [.. Regex.Matches($"{row[0]} {row[1]}", "`([a-z-]+)`").Select(match => match.Groups[1].Value)];
            Assert.Equal(sections.Length, limits.Length);
            return sections.Zip(limits);
        });
        IEnumerable<(string, string)> run = Regex.Matches(
                RepositoryFiles.Read("tests/VptDsl.DeviceCheck/run.sh"), @"^ *section ([a-z-]+) (\d+) ", RegexOptions.Multiline)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        Assert.Equal(run, stated);
    }

    [Theory]
    [InlineData("Vit", "VitSize.Tiny")]
    [InlineData("Vit", "VitSize.Small")]
    [InlineData("Vit", "VitSize.Base")]
    [InlineData("Vit", "VitSize.Large")]
    [InlineData("Vit", "VitSize.Huge")]
    [InlineData("Swin", "SwinSize.Tiny")]
    [InlineData("Swin", "SwinSize.Small")]
    [InlineData("Swin", "SwinSize.Base")]
    [InlineData("Swin", "SwinSize.Large")]
    [InlineData("ConvNeXt", "ConvNeXtSize.Tiny")]
    [InlineData("ConvNeXt", "ConvNeXtSize.Small")]
    [InlineData("ConvNeXt", "ConvNeXtSize.Base")]
    [InlineData("ConvNeXt", "ConvNeXtSize.Large")]
    public void Presets_have_as_many_parameters_as_the_reference_says(string attribute, string preset) => new Figure(
        "docs/dsl-reference.md", $@"\| `{Regex.Escape(preset)}` \|[^\n]*\| @ \|\n",
        Whole(GeneratedFacts.Of($"[{attribute}({preset})] [LinearHead(Classes = 2)]").BackboneParameters)).Check();

    [Theory]
    [InlineData(@"linear \| none", "", "Decoder = SetrDecoder.Linear")]
    [InlineData(@"linear \| 10, deep", "[DeepPrompt(Tokens = 10)]", "Decoder = SetrDecoder.Linear")]
    [InlineData(@"naive \| 10, deep", "[DeepPrompt(Tokens = 10)]", "Decoder = SetrDecoder.Naive, Width = 48")]
    [InlineData(@"PUP \| 10, deep", "[DeepPrompt(Tokens = 10)]", "Decoder = SetrDecoder.Pup, Width = 48")]
    [InlineData(@"MLA \| none", "", "Decoder = SetrDecoder.Mla, Width = 48")]
    [InlineData(@"MLA \| 10, deep", "[DeepPrompt(Tokens = 10)]", "Decoder = SetrDecoder.Mla, Width = 48")]
    public void The_segmentation_table_counts_what_is_trained(string row, string prompts, string decoder) => new Figure(
        "docs/segmentation.md", $@"\| {row} \| @ \|",
        Whole(GeneratedFacts.Of($"{Scenes} {prompts} [SegmentationHead(Classes = 6, {decoder})]").TrainableParameters)).Check();

    private static GeneratedFacts OfBase(string prompts) => GeneratedFacts.Of($"[Vit(VitSize.Base)] {prompts} [LinearHead(Classes = 102)]");

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tenths(double number) => number.ToString("F1", CultureInfo.InvariantCulture);

    private static string Hundredths(double number) => number.ToString("F2", CultureInfo.InvariantCulture);

    private static string Rounded(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
