using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Generators.Tests.Snapshots;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>
/// Protects users from classes that the generated part could not complete: without these, C# would complain about generated code.
/// </summary>
public sealed class TypeDiagnosticsTests
{
    private const string Attributes = "[Vit(VitSize.Tiny), LinearHead(Classes = 10)]\n";

    [Fact]
    public void VPT001_class_is_not_partial() =>
        DiagnosticAssert.Reports(
            Attributes + "public sealed class [|Flowers|];",
            "VPT001",
            "'Flowers' must be partial, because the generator completes it: write 'partial class Flowers'");

    [Fact]
    public void VPT002_class_is_nested() =>
        DiagnosticAssert.Reports(
            "public partial class Outer { " + Attributes + "public sealed partial class [|Flowers|]; }",
            "VPT002",
            "'Flowers' is nested in 'Outer', where the generator cannot complete it: move it out, directly into a namespace");

    [Fact]
    public void VPT003_class_is_generic() =>
        DiagnosticAssert.Reports(
            Attributes + "public sealed partial class Flowers[|<T>|];",
            "VPT003",
            "'Flowers' has type parameters, but a declaration stands for one model: remove them, and declare one class for each model");

    [Theory]
    [InlineData("public [|static|] partial class Flowers;", "is static", "remove 'static'")]
    [InlineData("public sealed partial [|record|] Flowers;", "is a record", "declare it as a class")]
    [InlineData("public sealed partial [|record|] class Flowers;", "is a record", "declare it as a class")]
    [InlineData("[|file|] sealed partial class Flowers;", "is visible in its own file only", "remove 'file'")]
    [InlineData("public sealed partial class Flowers[|(int a)|];", "has a primary constructor", "remove its parameter list")]
    [InlineData(
        "public sealed partial class Flowers : [|System.Exception|];",
        "derives from 'System.Exception'",
        "remove that base class; interfaces may stay")]
    [InlineData(
        "public sealed partial class Flowers : System.IComparable; public partial class Flowers : [|System.Exception|];",
        "derives from 'System.Exception'",
        "remove that base class; interfaces may stay")]
    public void VPT004_class_cannot_derive_from_Tuner(string declaration, string reason, string remedy) =>
        DiagnosticAssert.Reports(
            Attributes + declaration,
            "VPT004",
            $"'Flowers' {reason}, but the generator gives it the base class VptDsl.Tuner and a constructor: {remedy}");

    /// <summary>An interface whose using is not written yet would be told twice, once as a base class to be removed.</summary>
    [Theory]
    [InlineData("public sealed partial class Flowers : IGrower;", "")]
    [InlineData("public sealed partial class Roses : Flowers;", "public abstract partial class Flowers : IGrower;")]
    public void A_name_that_stands_for_nothing_yet_is_left_to_C_sharp(string model, string shared)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n" + Attributes + shared + model);

        Assert.Empty(run.Diagnostics);
        Assert.Equal("CS0246", Assert.Single(run.CompileErrors).Id);
    }

    [Theory]
    [InlineData("LinearHead", "Tuner")]
    [InlineData("SegmentationHead", "SegmentationTuner")]
    public void The_base_class_that_is_generated_may_be_written_too(string head, string written) =>
        DiagnosticAssert.ReportsNothing($"[Vit(VitSize.Tiny), {head}(Classes = 10)] public sealed partial class Flowers : {written};");

    [Theory]
    [InlineData("LinearHead", "SegmentationTuner", "Tuner")]
    [InlineData("SegmentationHead", "Tuner", "SegmentationTuner")]
    public void VPT004_names_the_base_class_that_the_head_needs(string head, string written, string needed) =>
        DiagnosticAssert.Reports(
            $"[Vit(VitSize.Tiny), {head}(Classes = 10)] public sealed partial class Flowers : [|{written}|];",
            "VPT004",
            $"'Flowers' derives from 'VptDsl.{written}', but the generator gives it the base class VptDsl.{needed} and a "
                + $"constructor: write 'VptDsl.{needed}', as its head needs, or leave the base class out");

    [Fact]
    public void A_pragma_in_the_source_silences_a_diagnostic() =>
        Assert.Empty(GeneratorHarness.Run("#pragma warning disable VPT005\n"
            + "[VptDsl.LinearHead(Classes = 10)] public partial class Flowers;").Diagnostics.Where(d => !d.IsSuppressed));

    [Theory]
    [InlineData("public sealed partial class Flowers;")]
    [InlineData("internal partial class Flowers { }")]
    [InlineData("sealed partial class Flowers : System.ICloneable { public object Clone() => this; }")]
    [InlineData("public partial class Flowers; public partial class Flowers { public int Mine => 1; }")]
    public void Classes_that_can_be_completed_are_accepted(string declaration) =>
        DiagnosticAssert.ReportsNothing(Attributes + declaration);

    [Fact]
    public void Names_that_are_keywords_are_accepted() =>
        DiagnosticAssert.ReportsNothing("namespace @event.@class;\n" + Attributes + "public sealed partial class @new;");

    [Fact]
    public void VPT033_class_is_named_like_a_member_it_gets() =>
        DiagnosticAssert.Reports(
            Attributes + "public sealed partial class [|Explanation|];",
            "VPT033",
            "The generator gives the class a member 'Explanation', and a class cannot have a member of its own name: rename the class, "
                + "for instance to 'ExplanationTuner'");

    [Fact]
    public void VPT033_knows_every_member_that_is_generated()
    {
        string[] members =
        [
            .. TinyModels.All.SelectMany(m =>
                GeneratorHarness.Run(TinyModels.File(m)).Sources.Where(s => s.HintName.EndsWith("Tuner.g.cs", StringComparison.Ordinal)))
                .SelectMany(MembersOf).Distinct(),
        ];

        DiagnosticAssert.ReportsAll(
            string.Concat(members.Select(member => Attributes + $"public sealed partial class [|{member}|];\n")),
            [.. members.Select(_ => "VPT033")]);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once() =>
        DiagnosticAssert.ReportsAll(
            """
            [Vit(VitSize.Tiny, Image = [|225|]), DeepPrompt(Tokens = [|-1|]), LinearHead(Classes = [|1|])]
            public [|static|] class [|Flowers|];
            """,
            "VPT011",
            "VPT013",
            "VPT017",
            "VPT004",
            "VPT001");

    [Fact]
    public void Attributes_on_several_parts_are_one_declaration() =>
        DiagnosticAssert.ReportsNothing(
            """
            [Vit(VitSize.Tiny)] public sealed partial class Flowers;
            [LinearHead(Classes = 10)] public sealed partial class Flowers;
            [ShallowPrompt] public sealed partial class Flowers;
            """);

    [Fact]
    public void What_CSharp_rejects_is_left_to_CSharp()
    {
        GeneratorRun run = GeneratorHarness.Run(
            """
            using VptDsl;
            [Vit(VitSize.Tiny, Image = "large", Nonsense = 3), LinearHead(Classes = Missing)]
            public sealed partial class Flowers;
            """);

        Assert.Empty(run.Diagnostics);
        Assert.Equal(["CS0029", "CS0103", "CS0246"], run.CompileErrors.Select(e => e.Id).Order());
    }

    [Theory]
    [InlineData("public partial struct Flowers;")]
    [InlineData("public partial record struct Flowers;")]
    [InlineData("public partial interface Flowers;")]
    public void What_is_no_class_is_left_to_CSharp(string declaration)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n" + Attributes + declaration);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Sources);
        Assert.All(run.CompileErrors, e => Assert.Equal("CS0592", e.Id));
        Assert.False(run.Compiles);
    }

    private static IEnumerable<string> MembersOf(GeneratedFile file) =>
        CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().First().Members
            .SelectMany(member => member switch
            {
                BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
                MethodDeclarationSyntax method => [method.Identifier.ValueText],
                PropertyDeclarationSyntax property => [property.Identifier.ValueText],
                FieldDeclarationSyntax field => field.Declaration.Variables.Select(v => v.Identifier.ValueText),
                _ => Enumerable.Empty<string>(),
            });
}
