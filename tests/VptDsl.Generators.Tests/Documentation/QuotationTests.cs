using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>What docs quote of generated code is what is generated.</summary>
public sealed partial class QuotationTests
{
    private const string Page = "docs/how-the-compiler-works.md";

    private static readonly GeneratedFacts
        Flower = GeneratedFacts.Of("[Vit(VitSize.Base)] [DeepPrompt(Tokens = 50)] [LinearHead(Classes = 102)]"),
        Probe = GeneratedFacts.Of("[Vit(VitSize.Base)] [LinearHead(Classes = 102)]");

    public static TheoryData<int> EmittedBlocks =>
    [
        .. MarkdownBlock.Of(Page).Where(b => b.Language == "csharp emitted").Select(b => b.Line),
    ];

    [Fact]
    public void The_explanation_is_the_generated_one()
    {
        MarkdownBlock block = Assert.Single(MarkdownBlock.Of(Page), b => b.Text.StartsWith("A training step", StringComparison.Ordinal));
        Assert.Equal(Flower.Explanation, block.Text.TrimEnd());
    }

    [Fact]
    public void The_explanation_among_the_benchmarks_is_the_generated_one()
    {
        MarkdownBlock block = Assert.Single(
            MarkdownBlock.Of("docs/benchmarks.md"), b => b.Text.StartsWith("A training step", StringComparison.Ordinal));
        string explanation = GeneratedFacts.Of("[Vit(VitSize.Base)] [DeepPrompt(Tokens = 50)] [LinearHead(Classes = 5)]").Explanation;
        Assert.StartsWith(block.Text.TrimEnd(), explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_declaration_in_one_line_is_the_generated_one()
    {
        MarkdownBlock block = Assert.Single(MarkdownBlock.Of(Page), b => b.Text.StartsWith("vit(", StringComparison.Ordinal));
        string layers = string.Join('+', Enumerable.Range(0, 12));
        Assert.True(Flower.Says(block.Text.TrimEnd().Replace("0+1+…+11", layers, StringComparison.Ordinal)));
    }

    /// <summary>Excerpts may leave lines out, which an ellipsis says, and have a heading for a comment.</summary>
    [Theory]
    [MemberData(nameof(EmittedBlocks))]
    public void Quoted_lines_are_generated(int line)
    {
        string[] quoted =
        [
            .. MarkdownBlock.Of(Page).Single(b => b.Line == line).Text.Split('\n')
                .Where(l => l.Trim() is not ("" or "…") && !Heading().IsMatch(l)),
        ];

        Assert.NotEmpty(quoted);
        Assert.DoesNotContain(quoted, l => !Flower.HasLine(l) && !Probe.HasLine(l));
    }

    [Theory]
    [InlineData("none, linear probe", "")]
    [InlineData("shallow, 50", "[ShallowPrompt(Tokens = 50)]")]
    [InlineData("deep, 50", "[DeepPrompt(Tokens = 50)]")]
    [InlineData("deep, 200", "[DeepPrompt(Tokens = 200)]")]
    [InlineData("everything trained", "[TrainEverything]")]
    public void The_table_of_other_declarations_counts_what_the_compiler_counts(string row, string attributes)
    {
        GeneratedFacts model = GeneratedFacts.Of($"[Vit(VitSize.Base)] {attributes} [LinearHead(Classes = 102)]");
        new Figure(Page, $@"\| {row} \| @ \|", $"{model.Row("one sequence through every sub-layer, image by image")[0]:F1}").Check();
        if (attributes.Length == 0)
            return; // The memory of a linear probe is that of its encoding.
        (long shared, long perImage) = model.StepFloats;
        new Figure(Page, $@"\| {row} \|[^|]+\|[^|]+\| @ an image", $"{4 * perImage / 1e6:F1}").Check();
        if (shared > 100_000)
            new Figure(Page, $@"\| {row} \|[^|]+\|[^|]+\|[^|]+an image \+ @ \|", $"{4 * shared / 1e6:F1}").Check();
    }

    [GeneratedRegex("^ *// (CPU|GPU)")]
    private static partial Regex Heading();
}
