using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Inheritance;

/// <summary>
/// Protects those who declare a backbone once: a class that derives from an abstract one is the model that it would be with the same
/// attributes on itself.
/// </summary>
public sealed class InheritedDeclarationTests
{
    private const string Backbone = "[Vit(Image = 4, Channels = 1, Patch = 2, Width = 4, Layers = 2, Heads = 2)] ";
    private const string Prompts = "[DeepPrompt(Tokens = 2)] ";
    private const string Head = "[LinearHead(Classes = 3)] ";
    private const string Method =
        " { [PromptMethod] private static void Prompt(VptDsl.Prompts.PromptedLayer layer) => "
            + "layer.RunAttention(layer.Parameter(\"keys\", rows: 2), layer.Parameter(\"values\", rows: 2)); }";

    [Theory]
    [InlineData(Backbone + "abstract partial class Study; " + Prompts + Head + "sealed partial class Digits : Study;")]
    [InlineData(Backbone + Prompts + Head + "abstract partial class Study; sealed partial class Digits : Study;")]
    [InlineData(Backbone + Prompts + Head
        + "abstract partial class Study; sealed partial class Digits : Study { } partial class Digits { }")]
    [InlineData(Backbone + "abstract partial class Study; " + Prompts + "abstract partial class Prompted : Study; "
        + Head + "sealed partial class Digits : Prompted;")]
    [InlineData(Backbone + Prompts + "abstract partial class Study; abstract partial class Middle : Study { public int Mine => 1; } "
        + Head + "sealed partial class Digits : Middle;")]
    [InlineData("[Swin] [ShallowPrompt(Tokens = 9)] " + Head + "abstract partial class Study; " + Backbone + Prompts
        + "sealed partial class Digits : Study;")]
    [InlineData(Head + "abstract partial class Top; [Vit(VitSize.Tiny)] " + Prompts + "abstract partial class Study : Top; " + Backbone
        + "sealed partial class Digits : Study;")]
    [InlineData(Head + "abstract partial class Study" + Method + " " + Backbone + Prompts + "sealed partial class Digits : Study;")]
    [InlineData(Backbone + Prompts + Head + "abstract partial class Study : System.IComparable { public int CompareTo(object? o) => 0; } "
        + "sealed partial class Digits : Study;")]
    public void A_model_is_what_its_classes_say_together(string declarations) =>
        AssertSame(Backbone + Prompts + Head + "sealed partial class Digits;", declarations);

    [Theory]
    [InlineData(Backbone + "abstract partial class Study" + Method + Head + "sealed partial class Digits : Study;")]
    [InlineData("[DeepPrompt] abstract partial class Study; " + Backbone + Head + "sealed partial class Digits : Study" + Method)]
    public void A_prompt_method_is_inherited_and_replaces_as_prompt_attributes_do(string declarations) =>
        AssertSame(Backbone + Head + "sealed partial class Digits" + Method, declarations);

    [Theory]
    [InlineData("abstract class Study(Device device, VptDsl.Programs.ModelProgram program) : Tuner(device, program);")]
    [InlineData("abstract class Study : Tuner { protected Study(Device d, VptDsl.Programs.ModelProgram p) : base(d, p) { } }")]
    [InlineData("abstract partial class Study { internal Study(Device d, VptDsl.Programs.ModelProgram p) : base(d, p) { } }")]
    [InlineData("abstract partial class Study : Tuner { protected Study() : this(null!, null!) { } }")]
    [InlineData("public abstract partial class Study { public static int Digits => 1; public class Tuner { } }")]
    public void A_base_may_bring_what_would_be_generated_for_it_and_other_members(string study) =>
        DiagnosticAssert.ReportsNothing(Backbone + Prompts + study + Head + "sealed partial class Digits : Study;");

    [Fact]
    public void A_base_may_be_nested_or_generic_where_nothing_is_generated_for_it() => DiagnosticAssert.ReportsNothing(
        "class Outer { " + Backbone + "internal abstract class Study<T>(Device device, VptDsl.Programs.ModelProgram program) "
            + ": Tuner(device, program); }" + Head + "sealed partial class Digits : Outer.Study<int>;");

    [Fact]
    public void A_prompt_method_of_a_generic_base_is_read() => DiagnosticAssert.ReportsNothing(
        Backbone + "internal abstract class Study<T>(Device device, VptDsl.Programs.ModelProgram program) : Tuner(device, program)"
            + Method + Head + "sealed partial class Digits : Study<int>;");

    [Fact]
    public void A_base_of_the_users_may_be_without_attributes() => DiagnosticAssert.ReportsNothing(
        "abstract class Study(Device device, VptDsl.Programs.ModelProgram program) : Tuner(device, program); "
            + Backbone + Head + "sealed partial class Digits : Study;");

    [Fact]
    public void A_base_in_another_namespace_and_file_is_found()
    {
        GeneratorRun run = GeneratorHarness.Run(GeneratorHarness.Compile(
            ("Model.cs", "using VptDsl; namespace Tasks.@new; " + Head + "public sealed partial class Digits : Backbones.@class.Study;"),
            ("Study.cs", "using VptDsl; namespace Backbones.@class; " + Backbone + "public abstract partial class Study;")));

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        Assert.Contains(run.Sources, file => file.HintName == "Tasks.new.Digits.g.cs");
        Assert.Contains(run.Sources, file => file.HintName == "Backbones.class.Study.g.cs");
    }

    [Fact]
    public void A_segmentation_head_is_inherited_with_its_base_class()
    {
        DiagnosticAssert.ReportsNothing(
            "[Vit(VitSize.Tiny), SegmentationHead(Classes = 3)] abstract partial class Study; "
                + "[DeepPrompt] sealed partial class Scenes : Study; "
                + "static class Use { public static LabelMap Of(Scenes scenes) => scenes.Segment(new float[1]); }");
        DiagnosticAssert.ReportsNothing(
            "[Vit(VitSize.Tiny)] abstract partial class Study : SegmentationTuner; "
                + "[SegmentationHead(Classes = 3)] abstract partial class Few : Study; sealed partial class Scenes : Few; "
                + "[SegmentationHead(Classes = 9)] sealed partial class Others : Few;");
    }

    [Theory]
    [InlineData(Backbone + "abstract partial class Study;")]
    [InlineData(Backbone + Head + "abstract partial class Study;")]
    [InlineData(Prompts + "abstract partial class Study;")]
    [InlineData("[Recompute] abstract partial class Study; " + Backbone + "abstract partial class Other : Study;")]
    public void An_abstract_class_is_no_model(string declaration) => Assert.All(
        DiagnosticAssert.ReportsNothing(declaration).Sources,
        file => Assert.DoesNotContain("Create", file.Text, StringComparison.Ordinal));

    [Theory]
    [InlineData("class Plain : System.Exception; abstract class Base; partial class Other : Base;")]
    [InlineData("[Vit(VitSize.Tiny)] abstract partial class Study; class Plain { private partial class Other : System.Exception; }")]
    [InlineData(Backbone + Head + "abstract partial class Study; sealed class Plain() : Study(null!, null!);")]
    [InlineData(Backbone + Head + "partial class Digits { public class Deeper; } partial class Plain : Digits.Deeper;")]
    public void Other_classes_that_derive_from_something_are_left_alone(string declarations)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl; " + declarations);

        Assert.Empty(run.Diagnostics);
        Assert.DoesNotContain(run.Sources, file => file.HintName.StartsWith("Plain.", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Sources, file => file.HintName.Contains("Other", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_that_inherits_everything_has_its_constants_told_as_generated() => DiagnosticAssert.ReportsAll(
        Backbone + Head + "abstract partial class Study; partial class Digits : Study; "
            + Backbone + "[LinearHead(Classes = [|Digits.Classes|])] sealed partial class Others;",
        "VPT030");

    /// <summary>Both sources declare a class Digits, of which everything but its base class is the same.</summary>
    private static void AssertSame(string alone, string inherited)
    {
        GeneratedFile[] expected = Models(alone), found = Models(inherited);
        Assert.Equal(expected.Select(f => f.HintName), found.Select(f => f.HintName));
        Assert.Equal(
            expected.Select(f => f.Text.Replace("partial class Digits : global::VptDsl.Tuner\n", "partial class Digits\n",
                StringComparison.Ordinal)),
            found.Select(f => f.Text));

        static GeneratedFile[] Models(string source) =>
        [
            .. DiagnosticAssert.ReportsNothing(source).Sources
                .Where(f => f.IsShared || f.HintName.StartsWith("Digits.", StringComparison.Ordinal))
                .OrderBy(f => f.HintName, StringComparer.Ordinal),
        ];
    }
}
