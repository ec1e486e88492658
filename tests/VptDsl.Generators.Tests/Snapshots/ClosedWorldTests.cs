using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>Nothing that users name, import or alias changes what a name in emitted code means.</summary>
public sealed class ClosedWorldTests
{
    /// <summary>Every name that emitted code says without saying whose it is.</summary>
    private static readonly string[] Names =
    [
        .. TinyModels.All.Append(Convolutional)
            .SelectMany(model => GeneratorHarness.RunWithOnnx(TinyModels.File(model)).Sources)
            .SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            .Select(name => name.Identifier.ValueText)
            .Where(name => SyntaxFacts.IsValidIdentifier(name)
                && name is not ("VptDsl" or "System" or "ILGPU" or "Models" or "DeepTuner" or "var" or "nameof"))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private const string Convolutional =
        "[ConvNeXt(Depths = \"1,1,1,1\", Widths = \"4,4,4,4\", Image = 32), LinearHead(Classes = 3), TrainLastLayers(1)]\n"
        + "public sealed partial class ConvolutionalTuner;\n";

    private static string Types => string.Concat(Names.Select(name => $"public class @{name} {{ }}\n"));

    /// <summary>
    /// The namespaces in which all names of emitted code lie. As names of global types they would be those namespaces' end.
    /// </summary>
    private const string Roots = "public class VptDsl { } public class System { } public class ILGPU { }\n";

    [Fact]
    public void Types_beside_the_class_change_nothing() => AssertCompiles("namespace Models { " + Types + Roots + " }");

    [Fact]
    public void Types_without_a_namespace_change_nothing() => AssertCompiles(Types);

    [Fact]
    public void Namespaces_change_nothing() =>
        AssertCompiles(string.Concat(Names.Select(name => $"namespace Models.@{name} {{ class Some; }}\n")));

    [Theory]
    [InlineData("Models.VptDsl")]
    [InlineData("Models.System.Threading")]
    [InlineData("Models.ILGPU.Runtime")]
    [InlineData("VptDsl.Mine")]
    [InlineData("ILGPU.Models")]
    public void Namespaces_of_the_same_roots_change_nothing(string space) => AssertCompiles($"namespace {space} {{ {Types} }}");

    [Fact]
    public void Global_directives_change_nothing() =>
        AssertCompiles("global using Other; global using static Other.StaticOnes;\nnamespace Other { " + Types
            + " public static class StaticOnes { } }");

    [Fact]
    public void Global_aliases_change_nothing() =>
        AssertCompiles(string.Concat(Names.Select(name => $"global using @{name} = global::System.Text.StringBuilder;\n")));

    [Fact]
    public void Members_change_nothing()
    {
        IEnumerable<string> free = Names.Except(GeneratedNames());
        string members = string.Concat(free.Select(name => $"public static int @{name};\n"));
        AssertCompiles("namespace Models { partial class DeepTuner { " + members + " } }");
    }

    [Fact]
    public void Members_of_a_base_class_change_nothing() => AssertCompiles(
        "namespace Models { abstract partial class Study { "
            + string.Concat(Names.Append("DeepTuner").Select(name => $"public static class @{name} {{ }}\n")) + " } }",
        TinyModels.Deep.Replace("public sealed partial class DeepTuner", "sealed partial class DeepTuner : Study", StringComparison.Ordinal)
            + "[VptDsl.Recompute] abstract partial class Study;");

    [Fact]
    public void Contextual_keywords_are_names_of_classes_and_namespaces()
    {
        string[] names =
        [
            "record", "required", "file", "var", "field", "scoped", "where", "await", "async", "nint", "partial", "dynamic", "extension",
            "managed", "unmanaged", "notnull",
        ];
        DiagnosticAssert.ReportsNothing(
            string.Concat(names.Select(name => TinyModels.Deep.Replace("DeepTuner", "@" + name, StringComparison.Ordinal)))
            + string.Concat(names.Select(name => $"namespace @{name}s.@{name} {{ {TinyModels.Deep} }}")));
    }

    [Fact]
    public void Keywords_are_names_of_classes_and_namespaces_of_any_depth()
    {
        string[] names = ["class", "event", "int", "namespace", "null"];
        DiagnosticAssert.ReportsNothing(
            string.Concat(names.Select(name => TinyModels.Linear.Replace("LinearTuner", "@" + name, StringComparison.Ordinal)))
            + string.Concat(names.Select(name => $"namespace @{name}s {{ namespace @{name} {{ {TinyModels.Linear} }} }}"))
            + "namespace @void { " + TinyModels.Linear + " }");
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("blocks_")]
    [InlineData("_1")]
    [InlineData("_")]
    [InlineData("_\u0661")]
    [InlineData("in_")]
    [InlineData("@in")]
    [InlineData("In")]
    [InlineData("Blocks")]
    [InlineData("Arena")]
    [InlineData("InferBatch")]
    [InlineData("_operations")]
    [InlineData("layer_")]
    [InlineData("Slot")]
    [InlineData("prompt_keys")]
    public void Variables_of_a_prompt_method_have_any_name(string name) => DiagnosticAssert.ReportsNothing(
        "[Vit(Image = 4, Channels = 1, Patch = 2, Width = 8, Layers = 4, Heads = 2, Mlp = 8), LinearHead(Classes = 3)]\n"
            + "public sealed partial class Flowers { [PromptMethod] static void Prompt(VptDsl.Prompts.PromptedLayer layer) { "
            + $"var {name} = layer.Parameter(\"p\", 2).Linear(layer.Parameter(\"w\", 8)).Gelu(); {name} += layer.Parameter(\"b\", 1); "
            + $"layer.RunAttention({name}, {name}); }} }}");

    [Fact]
    public void Names_may_be_written_in_any_script_and_with_any_underscores() => DiagnosticAssert.ReportsNothing(
        string.Concat(new[] { "A_B", "Blüten", "花", "Comb\u0301ined" }
            .Select(name => TinyModels.Linear.Replace("LinearTuner", name, StringComparison.Ordinal)))
        + "namespace A._B { " + TinyModels.Linear + " } namespace A_.B { " + TinyModels.Linear + " }");

    [Fact]
    public void Names_may_differ_in_case_alone()
    {
        string[] names = ["DigitTuner", "digitTuner", "DIGITTUNER", "Unrelated"];
        GeneratorRun run = DiagnosticAssert.ReportsNothing(
            "namespace App {" + Models() + "} namespace app { " + Models()
                + " public static class Use { public static object Of(Device d) => DIGITTUNER.Create(d); } }");

        Assert.Equal((2 * names.Length * 6) + 1, run.Sources.Select(s => s.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());

        string Models() => string.Concat(names.Select(name => TinyModels.Linear.Replace("LinearTuner", name, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_class_and_a_namespace_may_differ_in_case_alone()
    {
        string[] parts = ["Description", "Program", "operations", "Cpu", "Ilgpu"];
        GeneratorRun run = DiagnosticAssert.ReportsNothing(
            Named("Vision") + "namespace vision { " + string.Concat(parts.Select(Named)) + " }");

        Assert.Equal(((parts.Length + 1) * 6) + 1, run.Sources.Select(s => s.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());

        static string Named(string name) => TinyModels.Linear.Replace("LinearTuner", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_nothing_is_like_name_their_files_plainly() => Assert.All(
        DiagnosticAssert.ReportsNothing("class lineartunes; namespace lineartuner { }" + TinyModels.Linear).Sources
            .Where(file => !file.IsShared),
        file => Assert.Matches(@"^LinearTuner\.([A-Z][a-z]+\.)?g\.cs$", file.HintName));

    [Fact]
    public void A_summary_of_the_users_is_the_only_one()
    {
        string model = TinyModels.Linear.Replace("[Vit", "/// <summary>Mine.</summary>\n[Vit", StringComparison.Ordinal);
        string surface = DiagnosticAssert.ReportsNothing(model).Sources.Single(s => s.HintName == "LinearTuner.g.cs").Text;
        Assert.DoesNotMatch(new Regex("</summary>\npartial class"), surface);
        Assert.Matches(new Regex("</summary>\npartial class"), DiagnosticAssert.ReportsNothing(TinyModels.Linear).Sources[0].Text);
    }

    private static IEnumerable<string> GeneratedNames() => DiagnosticAssert.ReportsNothing(TinyModels.Deep).Sources
        .Where(s => s.HintName == "DeepTuner.g.cs")
        .SelectMany(s =>
            CSharpSyntaxTree.ParseText(s.Text).GetCompilationUnitRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().First().Members)
        .SelectMany(m => m.ChildTokens().Concat(m.DescendantNodes().OfType<VariableDeclaratorSyntax>().Select(v => v.Identifier)))
        .Select(t => t.ValueText);

    private static void AssertCompiles(string hostile, string model = TinyModels.Deep)
    {
        model = model
            .Replace("[Vit", "[global::VptDsl.Vit", StringComparison.Ordinal)
            .Replace("[DeepPrompt", "[global::VptDsl.DeepPrompt", StringComparison.Ordinal)
            .Replace("[LinearHead", "[global::VptDsl.LinearHead", StringComparison.Ordinal);
        GeneratorRun run = GeneratorHarness.RunWithOnnx(hostile + "\nnamespace Models {\n" + model + "}\n");
        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.Sources);
        Assert.Empty(run.CompileErrors);
    }
}
