using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from silence: C# knows a generated constant after the generator has run, and would not complain.</summary>
public sealed class GeneratedConstantTests
{
    private const string Probe = "namespace Mine { [Vit(VitSize.Tiny), LinearHead(Classes = 10)] public sealed partial class Probe; }\n";

    [Theory]
    [InlineData("", "LinearHead(Classes = [|Mine.Probe.Classes|])", "Mine.Probe.Classes")]
    [InlineData("using Mine;", "LinearHead(Classes = [|Probe.Classes|])", "Probe.Classes")]
    [InlineData("using P = Mine.Probe;", "LinearHead(Classes = [|P.Classes|])", "P.Classes")]
    [InlineData("using static Mine.Probe;", "LinearHead(Classes = [|Classes|])", "Classes")]
    [InlineData("using Mine;", "LinearHead(Classes = [|2 * (Probe.Channels + 1)|])", "Probe.Channels")]
    [InlineData("using Mine;", "LinearHead(Classes = [|(int)Probe.TaskBytes|])", "Probe.TaskBytes")]
    [InlineData("using Mine;", "LinearHead(Classes = [|Numbers.Twice|])", "Probe.Classes")]
    [InlineData("", "LinearHead(Classes = [|Flowers.Channels|])", "Flowers.Channels")]
    public void VPT030_argument_is_generated(string directive, string head, string constant) => DiagnosticAssert.Reports(
        directive + "\n" + Probe + "[Vit(VitSize.Tiny), " + head + "] public sealed partial class Flowers;\n"
            + $"public static class Numbers {{ public const int Once = {(directive == "using Mine;" ? "" : "Mine.")}Probe.Classes, "
            + "Twice = 2 * Again; private const int Again = Once; }",
        "VPT030",
        $"'{constant}' is generated itself, so that its value is not known yet: write the number, "
            + "or a constant of your own that both classes use");

    [Fact]
    public void VPT030_stands_at_each_such_argument() => DiagnosticAssert.ReportsAll(
        Probe + "[Vit(VitSize.Tiny, Image = [|Mine.Probe.ImageSize|], Channels = [|Mine.Probe.Channels|]), LinearHead(Classes = 3)] "
            + "public sealed partial class Flowers;",
        "VPT030",
        "VPT030");

    [Theory]
    [InlineData("[|Classes|]", "Classes")]
    [InlineData("2 + [|Flowers.ImageSize|]", "Flowers.ImageSize")]
    [InlineData("[|Twice|]", "Classes")]
    [InlineData("[|Mine.Probe.Channels|] * layer.Width", "Mine.Probe.Channels")]
    public void VPT030_prompt_method_uses_what_is_generated(string rows, string constant) => DiagnosticAssert.Reports(
        Probe + "[Vit(VitSize.Tiny), LinearHead(Classes = 3)] public sealed partial class Flowers { private const int Twice = 2 * Classes; "
            + "[PromptMethod] static void Prompt(VptDsl.Prompts.PromptedLayer layer) => layer.Prompts = layer.Parameter(\"p\", "
            + rows + "); }",
        "VPT030",
        $"'{constant}' is generated itself, so that its value is not known yet: write the number, "
            + "or a constant of your own that both classes use");

    [Theory]
    [InlineData("public const int Kinds = 3;", "Numbers.Kinds")]
    [InlineData("public const int Classes = 3;", "Numbers.Classes")]
    [InlineData("public const int Classes = 3;", "nameof(Mine.Probe).Length + Numbers.Classes")]
    public void Constants_of_the_users_own_are_accepted(string constant, string argument)
    {
        string head = argument.StartsWith("nameof", StringComparison.Ordinal) ? argument.Split('+')[1] : argument;
        DiagnosticAssert.ReportsNothing(
            Probe + $"public static class Numbers {{ {constant} }} [Vit(VitSize.Tiny), LinearHead(Classes = {head})] public sealed partial "
                + "class Flowers;");
    }
}
