using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Inheritance;

/// <summary>
/// Protects users of a shared declaration: a mistake is told once, at the line that is wrong, with the class that it is wrong for.
/// </summary>
public sealed class InheritanceDiagnosticsTests
{
    private const string Head = "[LinearHead(Classes = 10)] ";

    [Fact]
    public void A_mistake_that_is_inherited_stands_where_it_is_written() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny, Image = [|225|])] abstract partial class Study; " + Head + "sealed partial class Digits : Study;",
        "VPT011",
        "An image of 225 pixels cannot be cut into patches of 16: use an image of 224 or 240, or a patch that divides 225 "
            + "(in [Vit] of 'Study', inherited by 'Digits')");

    [Fact]
    public void A_mistake_that_many_inherit_is_told_once() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny), DeepPrompt(Tokens = [|-1|]), LinearHead(Classes = 10)] abstract partial class Study; "
            + "partial class A : Study; [TrainBiases] partial class B : Study; partial class C : Study; "
            + "[ShallowPrompt] partial class D : Study;",
        "VPT013",
        "Tokens is -1, but a number of prompts is not negative: write a positive number, or 0 for a linear probe "
            + "(in [DeepPrompt] of 'Study', inherited by 'B' and 2 more)");

    [Fact]
    public void A_mistake_of_one_class_among_many_names_it() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny), DeepPrompt(Layers = [|\"..11\"|]), LinearHead(Classes = 10)] abstract partial class Study; "
            + "sealed partial class Digits : Study; [Vit(VitSize.Tiny, Layers = 6)] sealed partial class Shallower : Study;",
        "VPT015",
        "'..11' lies outside the backbone, which has 6 layers: write layers from 0 to 5, or from ^6 to ^1 "
            + "(in [DeepPrompt] of 'Study', inherited by 'Shallower')");

    [Fact]
    public void What_CSharp_rejects_on_a_base_is_left_to_CSharp()
    {
        GeneratorRun run = GeneratorHarness.Run(
            "using VptDsl; [Vit(VitSize.Tiny, Image = Missing)] abstract partial class Study; "
                + Head + "sealed partial class Digits : Study;");

        Assert.Empty(run.Diagnostics);
        Assert.Equal("CS0103", Assert.Single(run.CompileErrors).Id);
    }

    [Theory]
    [InlineData("[Vit(VitSize.Tiny)] abstract partial class Study")]
    [InlineData("[Vit(VitSize.Tiny)] abstract partial class Study : Above; [Recompute] abstract partial class Above")]
    public void VPT035_a_required_member_is_told_once_where_it_stands(string classes) => DiagnosticAssert.Reports(
        classes + " { public required string [|Owner|] { get; init; } } "
            + Head + "sealed partial class Digits : Study; " + Head + "sealed partial class Letters : Study;",
        "VPT035",
        "'Owner' must be set by whoever constructs the class, and the generated Load and Create cannot: remove 'required', and set it on "
            + "what they return");

    [Fact]
    public void VPT030_stands_at_the_argument_of_the_base() => DiagnosticAssert.ReportsAll(
        "[Vit(VitSize.Tiny), LinearHead(Classes = 2)] partial class Probe; "
            + "[Vit(VitSize.Tiny, Image = [|Probe.ImageSize|])] abstract partial class Study; " + Head + "partial class Digits : Study;",
        "VPT030");

    [Fact]
    public void A_mistake_of_the_class_itself_is_told_as_ever() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny)] abstract partial class Study; [LinearHead(Classes = [|1|])] sealed partial class Digits : Study;",
        "VPT017",
        "Classes is 1, but there is something to learn only from 2 classes on: write how many your data have, for instance Classes = 10");

    [Fact]
    public void A_prompt_method_of_a_base_is_judged_where_it_stands() => DiagnosticAssert.ReportsAll(
        "[Vit(VitSize.Tiny)] abstract partial class Study { [PromptMethod] private void [|Prompt|]() { } } "
            + Head + "sealed partial class Digits : Study; " + Head + "sealed partial class Letters : Study;",
        "VPT060");

    [Theory]
    [InlineData("sealed partial class [|Digits|] : Study;", "VPT006")]
    [InlineData(Head + "sealed class [|Digits|] : Study;", "VPT001")]
    [InlineData(Head + "sealed partial class Digits[|(int a)|] : Study;", "VPT004")]
    [InlineData(Head + "sealed partial class Digits : Study { [|Digits|]() : base(null!, null!) { } }", "VPT032")]
    [InlineData(Head + "sealed partial class Digits : Study { int [|Classes|] => 1; }", "VPT031")]
    [InlineData(Head + "sealed partial class [|Classes|] : Study;", "VPT033")]
    [InlineData("class Outer { " + Head + "sealed partial class [|Digits|] : Study; }", "VPT002")]
    [InlineData("partial class Digits; [Vit(VitSize.Tiny), LinearHead(Classes = 10)] partial class Few : [|Digits|];", "VPT004")]
    public void What_is_asked_of_a_model_is_asked_of_one_that_inherits(string model, string id) =>
        DiagnosticAssert.ReportsAll("[Vit(VitSize.Tiny)] abstract partial class Study; " + model, id);

    [Fact]
    public void VPT001_a_class_that_inherits_everything_and_has_nothing_else_is_not_overlooked() => DiagnosticAssert.ReportsAll(
        "[Vit(VitSize.Tiny), LinearHead(Classes = 10)] abstract partial class Study; sealed class [|Digits|] : Study;", "VPT001");

    // Told at the base alone: nothing that derives from it could be right, or is wrong by itself.
    [Theory]
    [InlineData("abstract class [|Study|];", "VPT001")]
    [InlineData("abstract partial class Study[|<T>|];", "VPT003", "Study<int>")]
    [InlineData("[|file|] abstract partial class Study;", "VPT004")]
    [InlineData("abstract partial class Study : [|System.Exception|];", "VPT004")]
    [InlineData("abstract partial class Study[|(int a)|];", "VPT004")]
    [InlineData("abstract partial class Study : [|Other|]; abstract class Other;", "VPT004")]
    [InlineData("abstract partial class Study; abstract class [|Middle|] : Study { int _mine; }", "VPT001", "Middle")]
    [InlineData("abstract partial class Study; [Swin, [|Vit|]] abstract partial class Middle : Study;", "VPT007", "Middle")]
    public void What_keeps_an_abstract_class_from_being_a_base_is_told_there(string study, string id, string name = "Study")
    {
        GeneratorRun run = DiagnosticAssert.ReportsAll(
            $"[Vit(VitSize.Tiny)] {study} {Head} partial class Digits : {name}; [LinearHead] partial class Wrong : {name}; "
                + "static class Use { public static object Of(Device device) => Digits.Create(device); }",
            id);

        Assert.All(
            run.Sources.Where(file => file.HintName != "Study.g.cs" || name == "Study"),
            file => Assert.DoesNotContain("base(device", file.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(run.CompileErrors, e => e.Id is "CS0117" or "CS1729" or "CS1061");
    }

    [Fact]
    public void VPT002_names_the_abstract_class_that_is_nested() => DiagnosticAssert.ReportsAll(
        "class Outer { [Vit(VitSize.Tiny)] internal abstract partial class [|Study|]; } "
            + Head + "sealed partial class Digits : Outer.Study;",
        "VPT002");

    [Fact]
    public void VPT004_a_private_constructor_for_programs_is_of_no_use() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny)] abstract partial class Study : Tuner { private [|Study|](Device d, VptDsl.Programs.ModelProgram p) "
            + ": base(d, p) { } } " + Head + "sealed partial class Digits : Study;",
        "VPT004",
        "'Study' has a private constructor for the programs of its models, but the generator gives it the base class VptDsl.Tuner and a "
            + "constructor: make that protected");

    [Fact]
    public void VPT007_counts_one_class_at_a_time() => DiagnosticAssert.Reports(
        "[Vit(VitSize.Tiny), [|Swin(SwinSize.Tiny)|]] abstract partial class Study; " + Head + "sealed partial class Digits : Study;",
        "VPT007",
        "'Study' can have only one backbone, but has [Vit] and [Swin]: remove one of them, or declare a class for each");

    [Theory]
    [InlineData("abstract partial class Study;", "SegmentationHead(Classes = 3)", "SegmentationTuner", "Tuner")]
    [InlineData("abstract partial class Study : SegmentationTuner;", "LinearHead(Classes = 3)", "Tuner", "SegmentationTuner")]
    public void VPT080_head_needs_another_base_class(string study, string head, string needed, string found) => DiagnosticAssert.Reports(
        $"[Vit(VitSize.Tiny)] {study} abstract partial class Middle : Study; [[|{head}|]] sealed partial class Scenes : Middle;",
        "VPT080",
        $"[{head.Split('(')[0]}] makes 'Scenes' a VptDsl.{needed}, but its base class 'Study' is a VptDsl.{found}: write "
            + $"'Study : VptDsl.{needed}', or, where models with other heads derive from 'Study', give 'Scenes' another base class");

    [Fact]
    public void VPT080_is_told_at_the_abstract_class_that_has_the_head() => DiagnosticAssert.ReportsAll(
        "[Vit(VitSize.Tiny)] abstract partial class Study; [[|SegmentationHead(Classes = 3)|]] abstract partial class Few : Study; "
            + "sealed partial class Scenes : Few; sealed partial class Others : Few;",
        "VPT080");

    [Fact]
    public void VPT004_names_what_the_head_of_an_abstract_class_needs() => DiagnosticAssert.ReportsAll(
        "[Vit(VitSize.Tiny), SegmentationHead(Classes = 3)] abstract partial class Study : [|Tuner|]; sealed partial class Scenes : Study;",
        "VPT004");
}
