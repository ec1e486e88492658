using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.OpenPrompts;

/// <summary>
/// Protects users whose prompt method says something that no model can do: they learn what and where while they write it.
/// </summary>
public sealed class PromptMethodDiagnosticsTests
{
    private const string NeverRuns = "which is all that a prompt method describes";

    [Theory]
    [InlineData("internal void [|Prompt|](PromptedLayer layer) { }", "is not static")]
    [InlineData("internal static Tokens [|Prompt|](PromptedLayer layer) => layer.Prompts;", "returns something")]
    [InlineData("internal static void [|Prompt|]() { }", "has 0 parameters")]
    [InlineData("internal static void [|Prompt|](PromptedLayer layer, int rows) { }", "has 2 parameters")]
    [InlineData("internal static void [|Prompt|](int layer) { }", "takes something else")]
    [InlineData("internal static void [|Prompt|](ref PromptedLayer layer) { }", "takes something else")]
    [InlineData("internal static void [|Prompt|]<T>(PromptedLayer layer) { }", "has type parameters")]
    public void VPT060_the_method_has_another_form(string method, string complaint) =>
        DiagnosticAssert.Reports(
            Class("[PromptMethod] " + method), "VPT060",
            $"'Prompt' {complaint}: write one 'static void Prompt(PromptedLayer layer)' with a body, and no prompt attribute beside it");

    [Fact]
    public void VPT060_a_second_method() =>
        DiagnosticAssert.Reports(
            Class(
                "[PromptMethod] static void First(PromptedLayer layer) { } [PromptMethod] static void [|Second|](PromptedLayer layer) { }"),
            "VPT060",
            "'Second' is a second prompt method beside 'First': write one 'static void Second(PromptedLayer layer)' with a body, "
                + "and no prompt attribute beside it");

    [Fact]
    public void VPT060_a_prompt_attribute_beside_the_method() =>
        DiagnosticAssert.Reports(
            Class("[PromptMethod] static void [|Prompt|](PromptedLayer layer) { }")
                .Replace("LinearHead", "DeepPrompt, LinearHead", StringComparison.Ordinal), "VPT060",
            "'Prompt' stands beside [DeepPrompt], and a class has one kind of prompts: write one 'static void Prompt(PromptedLayer layer)' "
                + "with a body, and no prompt attribute beside it");

    [Theory]
    [InlineData("[|for|] (int i = 0; i < 3; i++) layer.Run();", "A statement 'for'")]
    [InlineData("[|while|] (true) layer.Run();", "A statement 'while'")]
    [InlineData("[|throw|] null!;", "A statement 'throw'")]
    [InlineData("[|try|] { layer.Run(); } finally { }", "A statement 'try'")]
    public void VPT061_a_statement_has_no_meaning(string statement, string what) =>
        Reports(
            statement, "VPT061",
            $"{what} cannot become part of the model, {NeverRuns}: write variables, assignments, calls, 'if' and 'return' alone");

    [Theory]
    [InlineData("int n = [|Field|];", "Field")]
    [InlineData("int n = [|(int)(layer.Index * 0.5)|];", "(int)(layer.Index * 0.5)")]
    [InlineData("layer.RunAttention([|null|]!, layer.Tokens);", "null")]
    [InlineData(
        "layer.Prompts = layer.Parameter([|\"p\" + (layer.Index > 0 ? \"a\" : \"b\")|], 1);", "\"p\" + (layer.Index > 0 ? \"a\" : \"b\")")]
    [InlineData("bool same = [|(layer.Index > 0 ? \"a\" : \"b\") == \"a\"|];", "(layer.Index > 0 ? \"a\" : \"b\") == \"a\"")]
    [InlineData("bool none = [|layer.Tokens == layer.Prompts|];", "layer.Tokens == layer.Prompts")]
    [InlineData("int odd = [|layer.Index ^ 1|];", "layer.Index ^ 1")]
    [InlineData("int twice = [|layer.Index << 1|];", "layer.Index << 1")]
    public void VPT061_an_expression_has_no_meaning(string statement, string code) =>
        Reports(
            statement, "VPT061",
            $"'{code}' cannot become part of the model, {NeverRuns}: use constants, the method's variables, "
                + "the layer's members and those of tokens");

    [Fact]
    public void VPT061_an_assignment_computes_something_else() =>
        Reports(
            "int n = 1; [|n ^= layer.Index|];", "VPT061",
            $"'n ^= layer.Index' cannot become part of the model, {NeverRuns}: write the assignment out");

    [Fact]
    public void VPT062_a_call_would_never_run() =>
        Reports(
            "int n = [|Math.Max(1, layer.Index)|];", "VPT062",
            "'Max' is ordinary code, but a prompt method is read and never runs: call members of PromptedLayer and Tokens alone");

    [Theory]
    [InlineData("string [|name = \"keys\"|];", "name", "string")]
    [InlineData("var [|same = layer|];", "same", "PromptedLayer")]
    [InlineData("float [|half = 0.5f|];", "half", "float")]
    public void VPT063_a_variable_of_another_type(string statement, string variable, string type) =>
        Reports(
            statement, "VPT063",
            $"'{variable}' is of type {type}, which a model cannot hold: variables of a prompt method are Tokens, int, double or bool");

    [Theory]
    [InlineData(
        "[|layer.RunAttention(layer.Parameter(\"keys\", 5), layer.Parameter(\"values\", 4))|];", "layer.RunAttention",
        "[5, 192] and [4, 192]", 0,
        "keys and values have the same shape and are 192 wide")]
    [InlineData("[|layer.Prompts = layer.Parameter(\"prompts\", 5, 191)|];", "layer.Prompts", "[5, 191]", 0, "prompts are 192 wide")]
    [InlineData(
        "[|layer.Tokens = layer.Parameter(\"all\", 197)|];", "layer.Tokens", "[197, 192]", 0,
        "class token and patches stay [batch, 197, 192]")]
    [InlineData(
        "layer.Prompts = [|layer.Parameter(\"a\", 5) + layer.Parameter(\"b\", 5 - layer.Index / 7)|];", "Add", "[5, 192] and [4, 192]", 7,
        "a sum is of equally many rows and columns, or of rows and one row")]
    [InlineData(
        "layer.Prompts = [|layer.Parameter(\"a\", 5).Linear(layer.Tokens)|];", "Linear", "[5, 192] and [batch, 197, 192]", 0,
        "a weight is [outputs, 192]")]
    [InlineData("layer.Prompts = [|layer.Tokens.Slice(190, 8)|];", "Slice", "[batch, 197, 192]", 0, "it has no rows 190 to 197")]
    [InlineData(
        "layer.Prompts = [|Tokens.Blend(layer.Parameter(\"g\", 1), layer.Tokens, layer.Tokens)|];", "Blend",
        "[1, 192] and [batch, 197, 192] and [batch, 197, 192]", 0, "a gate is one number, [1, 1]")]
    [InlineData(
        "layer.Prompts = [|layer.Key(layer.Parameter(\"a\", 5, 8))|];", "Key", "[5, 8]", 0, "the layer's weights take tokens 192 wide")]
    public void VPT064_shapes_do_not_fit(string statement, string what, string given, int layer, string rule) =>
        Reports(
            statement, "VPT064",
            $"{what} is given {given} in layer {layer}, but {rule}: change the rows or columns of the parameters that go into it");

    [Theory]
    [InlineData("layer.Prompts = layer.Parameter([|\"Prompts\"|], 5);", "Prompts", "is no name", "a small letter, then letters and digits")]
    [InlineData(
        "layer.Prompts = layer.Parameter([|\"p\\n\"|], 5);", "p\n", "is no name", "a small letter, then letters and digits")]
    [InlineData(
        "layer.Prompts = [|layer.Parameter(\"prompts\", 0)|];", "prompts", "has 0 rows and 192 columns", "from 1 to 1000000 of each")]
    [InlineData(
        "layer.Prompts = layer.Parameter(\"gate\", [|double.NegativeInfinity|], 5, 192);", "gate", "starts at no finite number",
        "a value that a float can be")]
    [InlineData(
        "layer.Prompts = layer.Parameter(\"gate\", [|1e39|], 5, 192);", "gate", "starts at no finite number",
        "a value that a float can be")]
    [InlineData(
        "layer.Prompts = layer.Parameter(\"gate\", [|double.NaN|], 5, 192);", "gate", "starts at no finite number",
        "a value that a float can be")]
    [InlineData(
        "layer.Prompts = layer.Parameter(\"a\", 5) + [|layer.Parameter(\"a\", 5)|];", "a", "is declared a second time in a layer",
        "one name for each parameter, and keep it in a variable")]
    [InlineData(
        "layer.Prompts = [|layer.SharedParameter(\"a\", 5 + layer.Index)|];", "a", "has another size in another layer",
        "the same size wherever it is shared")]
    [InlineData(
        "Tokens idle = [|layer.Parameter(\"idle\", 5)|];", "idle",
        "has no effect in layer 0, because nothing that the head reads depends on it",
        "it where something reads it later, or declare it in fewer layers")]
    [InlineData(
        "layer.Run(); layer.Prompts = [|layer.Parameter(\"late\", 5)|];", "late",
        "has no effect in layer 11, because nothing that the head reads depends on it",
        "it where something reads it later, or declare it in fewer layers")]
    public void VPT065_a_parameter_cannot_be_declared(string statement, string name, string complaint, string remedy) =>
        Reports(statement, "VPT065", $"Parameter '{name}' {complaint}: use {remedy}");

    [Fact]
    public void VPT065_a_head_that_reads_prompts_alone_reads_no_tokens() =>
        DiagnosticAssert.ReportsAll(
            Class("[PromptMethod] static void Prompt(PromptedLayer layer)\n    {\n        "
                + "if (layer.Index == 0) layer.Prompts = layer.Parameter(\"prompts\", 5);\n        layer.Run();\n        "
                + "if (layer.Index == 11) layer.Tokens = layer.Tokens + [|layer.Parameter(\"shift\", 1, 192)|];\n    }")
                .Replace("VitSize.Tiny", "VitSize.Tiny, Pool = TokenPool.Prompts", StringComparison.Ordinal), "VPT065");

    [Theory]
    [InlineData(
        "layer.Prompts = [|layer.Prompts|];", "layer.Prompts", 0,
        "no prompts are in the sequence: assign some first, or ask layer.HasPrompts")]
    [InlineData("[|layer.RunMlp()|];", "layer.RunMlp", 0, "the MLP comes after the attention: call layer.RunAttention() before")]
    [InlineData("layer.Run(); [|layer.RunAttention()|];", "layer.RunAttention", 0, "the layer's attention has run already: call it once")]
    [InlineData("int n = [|5 / (layer.Index - 2)|];", "A number", 2, "it is too large, or was divided by 0: compute another")]
    public void VPT066_a_step_cannot_be_taken(string statement, string what, int layer, string why) =>
        Reports(statement, "VPT066", $"{what} is not possible in layer {layer}, because {why}");

    [Fact]
    public void VPT040_another_backbone() =>
        DiagnosticAssert.ReportsAll(
            "[Swin(SwinSize.Tiny), LinearHead(Classes = 10)] public sealed partial class Flowers { [PromptMethod] static void "
                + "[|Prompt|](VptDsl.Prompts.PromptedLayer layer) { } }",
            "VPT040");

    [Fact]
    public void Every_mistake_is_reported_in_one_go() =>
        DiagnosticAssert.ReportsAll(
            Class("[PromptMethod] static void Prompt(PromptedLayer layer) { int n = [|Math.Max(1, 2)|]; [|while|] (true) { } }"), "VPT062",
            "VPT061");

    [Fact]
    public void What_C_sharp_rejects_is_left_to_C_sharp() =>
        Assert.Empty(GeneratorHarness.Run("using VptDsl;\n"
            + Class("[PromptMethod] static void Prompt(PromptedLayer layer) { layer.Unknown(); }")).Diagnostics);

    private static void Reports(string statement, string id, string message) =>
        DiagnosticAssert.Reports(
            Class("private static int Field = 3;\n    [PromptMethod] static void Prompt(PromptedLayer layer)\n    {\n        "
                + $"{statement}\n    }}"), id, message);

    private static string Class(string members) =>
        $"using VptDsl.Prompts;\n[Vit(VitSize.Tiny), LinearHead(Classes = 10)]\npublic sealed partial class Flowers\n{{\n    {members}\n}}";
}
