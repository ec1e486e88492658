using System.Text.RegularExpressions;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.OpenPrompts;

/// <summary>
/// Protects the meaning of prompt methods: what is written is what the model declares, and what means the same reads the same.
/// </summary>
public sealed partial class PromptMethodReaderTests
{
    [Fact]
    public void A_parameter_is_declared_in_every_layer_with_its_shape() =>
        Assert.Equal(
            ["prompts.keys.0 [3, 8] 0", "prompts.keys.1 [3, 8] 0", "prompts.values.0 [3, 8] 0.5", "prompts.values.1 [3, 8] 0.5"],
            Parameters("layer.RunAttention(layer.Parameter(\"keys\", 3, draw: PromptDraw.Zero), layer.Parameter(\"values\", value: "
                + "0.5, rows: 3));").Order());

    [Fact]
    public void Arithmetic_and_conditions_are_decided_for_each_layer() =>
        Assert.Equal(
            ["prompts.p.0 [7, 8] 0", "prompts.p.1 [4, 8] 0"],
            Parameters(
                """
                const int Fewest = 2;
                int rows = layer.Index % 2 == 0 && layer.Count > 1 ? layer.Width - 1 : Fewest * 3;
                if (!(layer.Index < 1) || false)
                {
                    rows -= 1;
                    rows = rows / 2 + Fewest;
                }

                layer.Prompts = layer.Parameter("p", rows, draw: PromptDraw.Zero);
                """));

    [Theory]
    [InlineData("(layer.Index + 1 & 1) == 0 ? 5 : 6", 6, 5)]
    [InlineData("(layer.Index + 1 | 4) - 3", 2, 3)]
    [InlineData("layer.Index == 0 & layer.Width == 8 ? 5 : 6", 5, 6)]
    [InlineData("layer.Index == 0 | layer.Width == 7 ? 5 : 6", 5, 6)]
    public void Whole_numbers_are_combined_bit_by_bit_and_truths_by_logic(string rows, int first, int second)
    {
        string[] parameters = [$"prompts.p.0 [{first}, 8] 0", $"prompts.p.1 [{second}, 8] 0"];
        Assert.Equal(parameters, Parameters($"layer.Prompts = layer.Parameter(\"p\", {rows}, draw: PromptDraw.Zero);"));
    }

    [Fact]
    public void Whole_numbers_are_combined_bit_by_bit_in_assignments() =>
        Assert.Equal(
            ["prompts.p.0 [2, 8] 0", "prompts.p.1 [6, 8] 0"],
            Parameters(
                "int rows = layer.Index + 5; rows &= 6; rows |= 2; bool odd = true; odd &= layer.Index == 1; odd |= false;"
                + "if (!odd) rows &= 3; layer.Prompts = layer.Parameter(\"p\", rows, draw: PromptDraw.Zero);"));

    /// <summary>The generated code holds the whole method as text, also what no layer runs.</summary>
    [Fact]
    public void A_name_that_no_layer_declares_may_be_any_text() =>
        Assert.Equal(
            ["prompts.p.0 [1, 8] 0", "prompts.p.1 [1, 8] 0"],
            Parameters(
                """
                if (layer.Index == 99)
                    layer.Prompts = layer.Parameter("a\"b\\\n\u2028", 1);
                layer.Prompts = layer.Parameter("p", 1, draw: PromptDraw.Zero);
                """));

    [Fact]
    public void Return_leaves_the_rest_out() =>
        Assert.Equal(
            ["prompts.p.0 [1, 8] 0"],
            Parameters("if (layer.Index > 0) return; layer.Prompts = layer.Parameter(\"p\", 1, draw: PromptDraw.Zero);"));

    [Fact]
    public void A_shared_parameter_is_declared_once() =>
        Assert.Equal(
            ["prompts.p [2, 8] 0"],
            Parameters("var p = layer.SharedParameter(\"p\", 2, draw: PromptDraw.Zero); layer.RunAttention(p, p);"));

    [Fact]
    public void An_expression_can_be_the_body()
    {
        GeneratorRun run = Run("layer.Prompts = layer.Parameter(\"p\", 1)", isExpression: true);
        Assert.Contains("prompts.p.1", run.Sources.Single(s => s.HintName == "Flowers.Description.g.cs").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Tokens k = layer.Parameter(\"k\", 2); layer.RunAttention(k, k);",
        "var keys = layer.Parameter(rows: 1 + 1, name: \"k\", columns: 0);\n// twice\nlayer.RunAttention(keys, values: keys);")]
    [InlineData("layer.Tokens += layer.Parameter(\"k\", 1);", "layer.Tokens = (layer.Tokens + layer.Parameter(\"k\", 1));")]
    public void What_means_the_same_has_the_same_identity(string one, string other) =>
        Assert.Equal(Identity(one), Identity(other));

    /// <summary>In the second layer the one quotient is 0 and the other a half.</summary>
    [Fact]
    public void A_quotient_with_a_fraction_has_another_identity_than_one_without() =>
        Assert.NotEqual(
            Identity("if (layer.Index / 2 < 0.5) layer.Prompts = layer.Parameter(\"p\", 2);"),
            Identity("if (layer.Index / 2.0 < 0.5) layer.Prompts = layer.Parameter(\"p\", 2);"));

    [Theory]
    [InlineData("layer.Prompts = layer.Parameter(\"p\", 3);")]
    [InlineData("layer.Prompts = layer.Parameter(\"q\", 2);")]
    [InlineData("if (layer.Index == 0) layer.Prompts = layer.Parameter(\"p\", 2);")]
    [InlineData("layer.Run(); if (layer.Index == 0) layer.Prompts = layer.Parameter(\"p\", 2);")]
    public void What_means_something_else_has_another_identity(string other) =>
        Assert.NotEqual(Identity("layer.Prompts = layer.Parameter(\"p\", 2);"), Identity(other));

    [Fact]
    public void Every_member_of_the_library_can_be_read()
    {
        GeneratorRun run = Run(
            """
            if (layer.Index == 0)
                layer.Prompts = layer.Parameter("p", 2);
            Tokens x = layer.Prompts.Linear(layer.Parameter("w", layer.Prompts.Columns)).Gelu()
                .Linear(layer.Parameter("v", layer.Width), layer.Parameter("b", 1));
            x = x.LayerNorm(layer.Parameter("scale", 1.0), layer.Parameter("shift", 0.0)).ScaleColumns(layer.SharedParameter("f", 1.0));
            Tokens attended = layer.Attend(layer.Query(layer.Normalize(layer.Tokens)), layer.Key(x), layer.Value(x));
            layer.Tokens = Tokens.Add(layer.Tokens, layer.Project(attended));
            Tokens keys = x.Slice(0, x.Rows - 1).Append(layer.SharedParameter("k", layer.Heads));
            layer.RunAttention(keys, keys);
            bool last = layer.Index == layer.Count - 1;
            if (last && layer.HasPrompts)
                layer.RemovePrompts();
            layer.RunMlp();
            layer.Run();
            if (!last)
                layer.Prompts = Tokens.Blend(layer.Parameter("gate", value: -1, columns: 1), layer.Prompts, x);
            """);
        Assert.Empty(run.CompileErrors);
    }

    private static IReadOnlyList<string> Parameters(string body) =>
        [.. Parameter().Matches(Run(body).Sources.Single(s => s.HintName == "Flowers.Description.g.cs").Text)
            .Select(m => $"{m.Groups["name"].Value} {m.Groups["shape"].Value} {m.Groups["value"].Value.TrimEnd('f')}")];

    private static string Identity(string body) =>
        IdentityLine().Match(Run(body).Sources.Single(s => s.HintName == "Flowers.Description.g.cs").Text).Value;

    private static GeneratorRun Run(string body, bool isExpression = false)
    {
        string written = isExpression ? $" => {body};" : $"\n    {{\n{body}\n    }}";
        return DiagnosticAssert.ReportsNothing(
            $$"""
            using VptDsl.Prompts;
            [Vit(Image = 4, Channels = 1, Patch = 2, Width = 8, Layers = 2, Heads = 2, Mlp = 8), LinearHead(Classes = 3)]
            public sealed partial class Flowers
            {
                [PromptMethod]
                internal static void Prompt(PromptedLayer layer){{written}}
            }
            """);
    }

    [GeneratedRegex("""new\("(?<name>prompts\.[^"]+)", (?<shape>\[[^]]+\]), [^;]*?Distribution\.\w+, (?<value>[^)]+)\)""")]
    private static partial Regex Parameter();

    [GeneratedRegex("Declaration = .*")]
    private static partial Regex IdentityLine();
}
