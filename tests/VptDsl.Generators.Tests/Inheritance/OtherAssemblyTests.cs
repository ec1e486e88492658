using Microsoft.CodeAnalysis;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Inheritance;

/// <summary>
/// Protects those who keep their backbones in a library: its abstract classes hand down what they do at home, or it is said why not.
/// </summary>
public sealed class OtherAssemblyTests
{
    private const string Study =
        "using VptDsl; namespace Library; [Vit(VitSize.Tiny, Image = 32, Epsilon = 1e-5), DeepPrompt(Tokens = 2, Layers = \"1..\")] "
            + "public abstract partial class Study";

    private const string Digits = "using VptDsl; [LinearHead(Classes = 10)] public sealed partial class Digits : Library.Study;";

    private const string PromptMethod =
        "{ [PromptMethod] internal static void Prompt(VptDsl.Prompts.PromptedLayer layer) => layer.RunAttention(); }";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attributes_come_from_another_assembly(bool isBuilt)
    {
        GeneratorRun run = GeneratorHarness.RunBeside(GeneratorHarness.Library(Study + ";"), Digits, isBuilt);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        Assert.Equal(Own(), run.Sources.Single(file => file.HintName == "Digits.Description.g.cs"));

        static GeneratedFile Own() => GeneratorHarness.Run(
            Study.Replace("namespace Library; ", "[LinearHead(Classes = 10)] ", StringComparison.Ordinal)
                .Replace("abstract partial class Study", "sealed partial class Digits;", StringComparison.Ordinal))
            .Sources.Single(file => file.HintName == "Digits.Description.g.cs");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_required_member_in_another_assembly_is_told_at_the_class_that_inherits_it(bool isBuilt)
    {
        GeneratorRun run = GeneratorHarness.RunBeside(
            GeneratorHarness.Library(Study + " { public required string Owner { get; init; } }"), Digits, isBuilt);

        Diagnostic problem = Assert.Single(run.Diagnostics);
        Assert.Equal("VPT035", problem.Id);
        Assert.Equal("Digits", problem.Location.SourceTree!.ToString()[problem.Location.SourceSpan.Start..problem.Location.SourceSpan.End]);
        Assert.Empty(run.CompileErrors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mistake_in_another_assembly_is_told_at_the_class_that_inherits_it(bool isBuilt)
    {
        GeneratorRun run = GeneratorHarness.RunBeside(
            GeneratorHarness.Library(Study.Replace("Image = 32", "Image = 30", StringComparison.Ordinal) + ";"), Digits, isBuilt);

        var found = Assert.Single(run.Diagnostics);
        Assert.Equal("VPT011", found.Id);
        Assert.Equal("Digits", Digits.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
        Assert.EndsWith(" (in [Vit] of 'Library.Study', inherited by 'Digits')", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Empty(run.CompileErrors);
    }

    [Theory]
    [InlineData(false, true, ";")]
    [InlineData(true, true, " { internal Study(Device device, VptDsl.Programs.ModelProgram program) : base(device, program) { } }")]
    [InlineData(true, true, PromptMethod)]
    [InlineData(true, false, PromptMethod)]
    public void VPT004_a_class_that_does_not_let_others_derive_is_named(bool isGenerated, bool isBuilt, string rest)
    {
        string study = rest.Contains("PromptMethod", StringComparison.Ordinal)
            ? Study.Replace(", DeepPrompt(Tokens = 2, Layers = \"1..\")", "", StringComparison.Ordinal)
            : Study;
        GeneratorRun run = GeneratorHarness.RunBeside(GeneratorHarness.Library(study + rest, isGenerated), Digits, isBuilt);

        var found = Assert.Single(run.Diagnostics);
        Assert.Equal("VPT004", found.Id);
        Assert.Equal("Library.Study", Digits.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
        Assert.Equal(
            "'Digits' derives from 'Library.Study' of another assembly, whose constructor for programs of models is missing or hidden, but "
                + "the generator gives it the base class VptDsl.Tuner and a constructor: build that assembly with the generator and keep "
                + "prompt methods out of that class, or declare a base class in this project",
            found.GetMessage(null));
    }
}
