using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from members that cannot stand beside the generated ones: C# would complain about generated code.</summary>
public sealed class MemberDiagnosticsTests
{
    private const string Attributes = "[Vit(VitSize.Tiny), LinearHead(Classes = 10)]\n";

    [Theory]
    [InlineData("public const int [|Classes|] = 10;", "Classes")]
    [InlineData("public static string[] [|Classes|] { get; } = [];", "Classes")]
    [InlineData("public int [|Channels|]() => 3;", "Channels")]
    [InlineData("public string [|Explanation|] => \"mine\";", "Explanation")]
    [InlineData("public enum [|ImageSize|] { Small }", "ImageSize")]
    [InlineData("public event System.Action? [|TaskBytes|];", "TaskBytes")]
    [InlineData("private int _a, [|FeatureBytes|];", "FeatureBytes")]
    [InlineData("public int [|Load|];", "Load")]
    [InlineData("public static Flowers [|Load|](Device device, string backbone, int seed = 0) => throw null!;", "Load")]
    [InlineData("public static Flowers [|Load|](Device device, string backbone, string? entry, int seed = 0) => throw null!;", "Load")]
    [InlineData("public void [|Create|](Device device, int seed) { }", "Create")]
    [InlineData("public static long [|StepBytes|](int batch) => 0;", "StepBytes")]
    public void VPT031_member_is_generated_already(string member, string name) => Reports(
        member, "VPT031", $"The generator gives the class a member '{name}': give this one another name");

    [Theory]
    [InlineData("public [|Flowers|]() { }")]
    [InlineData("public [|Flowers|](Device device) : base(device, null!) { }")]
    [InlineData("private [|Flowers|](Device device) : this(device, 1) { } private Flowers(Device device, int a) : this(device) { }")]
    [InlineData("internal [|Flowers|](string name) { }")]
    public void VPT032_constructor_is_generated_already(string constructor) => ReportsId(
        constructor,
        "VPT032",
        "'Flowers' is constructed by its generated Load and Create alone: remove this constructor, "
            + "or let it hand on to the generated one by ': this(device)'");

    [Theory]
    [InlineData("public required string [|Owner|] { get; init; }")]
    [InlineData("public required string [|Owner|];")]
    public void VPT035_nobody_could_set_a_required_member(string member) => Reports(
        member,
        "VPT035",
        "'Owner' must be set by whoever constructs the class, and the generated Load and Create cannot: remove 'required', and set it "
            + "on what they return");

    [Theory]
    [InlineData("public static Flowers Load(Device device) => Load(device, \"file\");")]
    [InlineData("public static Flowers Load<T>(Device device, string backbone, int seed) => Load(device, backbone, seed);")]
    [InlineData("public static Flowers Create(Device device, string name) => Create(device, seed: name.Length);")]
    [InlineData("public static long StepBytes(ref int batch) => StepBytes(batch++);")]
    [InlineData("public static long StepBytes() => StepBytes(1);")]
    [InlineData("private Flowers(Device device, string name) : this(device) { Name = name; } public string Name { get; } = \"\";")]
    [InlineData("static Flowers() { } ~Flowers() { }")]
    [InlineData("public int classes; public int @class; public string Layout => \"grid\"; public int Kernels, Program, Description;")]
    [InlineData("public class Nested { public const int Classes = 3; }")]
    public void Members_that_can_stand_beside_the_generated_ones_are_accepted(string members) =>
        DiagnosticAssert.ReportsNothing(Attributes + "public sealed partial class Flowers { " + members + " }");

    [Fact]
    public void Members_of_every_part_are_seen() => DiagnosticAssert.ReportsAll(
        "public sealed partial class Flowers { public int [|Classes|]; }\n" + Attributes
        + "public sealed partial class Flowers { public int [|Channels|]; [|Flowers|]() { } }",
        "VPT031",
        "VPT031",
        "VPT032");

    private static void Reports(string member, string id, string message)
    {
        ReportsId(member, id, message);
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n" + MarkedSource.Parse(Source(member)).Text);
        Assert.Empty(run.CompileErrors);
    }

    private static void ReportsId(string member, string id, string message) => DiagnosticAssert.Reports(Source(member), id, message);

    private static string Source(string member) => Attributes + "public sealed partial class Flowers { " + member + " }\n"
        + "public static class Use { public static void Of(Flowers flowers, Device device) { flowers.Dispose(); } }";
}
