using System.Runtime.CompilerServices;

namespace VptDsl.Compiler.Tests.Structure;

/// <summary>
/// Dependencies of the compiler run one way, and its middle knows neither backbones nor what they are used for: a new backbone,
/// prompt scheme or decoder of pixels needs no edit there.
/// </summary>
public sealed class LayeringTests
{
    private static readonly string[] Layers =
    [
        "Autodiff", "Backbones", "Emit", "Explain", "Graph", "Passes", "Planning", "Prompts", "Spec",
    ];

    // Emission reads the declaration for the words of the documentation that it writes.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Spec"] = [],
        ["Graph"] = [],
        ["Autodiff"] = ["Graph"],
        ["Passes"] = ["Graph"],
        ["Planning"] = ["Graph"],
        ["Prompts"] = ["Backbones", "Graph", "Spec"],
        ["Backbones"] = ["Graph", "Prompts", "Spec"],
        ["Emit"] = ["Graph", "Planning", "Spec"],
        ["Explain"] = ["Autodiff", "Backbones", "Graph", "Passes", "Planning", "Spec"],
    };

    public static TheoryData<string> Folders { get; } = [.. Allowed.Keys];

    [Fact]
    public void The_language_stands_on_nothing_and_the_compiler_on_the_language_alone()
    {
        Assert.Equal(["netstandard"], References(typeof(VitAttribute)));
        Assert.Equal(["VptDsl.Abstractions", "netstandard"], References(typeof(ModelCompiler)));
        Assert.Contains("VptDsl.Abstractions", References(typeof(Tuner)));
        Assert.DoesNotContain("VptDsl.Compiler", References(typeof(Tuner)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_layer_names_only_those_it_may_use(string folder)
    {
        foreach (string other in Layers.Except([folder, .. Allowed[folder]]))
        {
            // Whole words only: a namespace in a using directive, or a qualified name.
            Assert.All(Files(folder), f => Assert.DoesNotMatch($@"\bCompiler\.{other}\b|\b(?<!\.){other}\.[A-Z]", Code(f)));
        }
    }

    [Fact]
    public void Every_folder_of_the_compiler_has_its_place()
    {
        IEnumerable<string> folders = Directory.GetDirectories(CompilerFolder()).Select(d => Path.GetFileName(d)!);
        Assert.Equal(Layers, folders.Except(["bin", "obj", "Common"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Graph")]
    [InlineData("Autodiff")]
    [InlineData("Passes")]
    [InlineData("Planning")]
    [InlineData("Emit")]
    public void What_is_behind_the_graph_knows_no_backbone_and_no_task(string folder) =>
        Assert.All(Files(folder), f => Assert.DoesNotMatch(
            @"(?i)VisionTransformer|swin|\bvit|vision transformer|\bqkv\b|convnext|resnet|setr|segmentation|decoder", Code(f)));

    private static string[] References(Type type) =>
        [.. type.Assembly.GetReferencedAssemblies().Select(a => a.Name!).Order(StringComparer.Ordinal)];

    private static string[] Files(string folder) =>
        Directory.GetFiles(Path.Combine(CompilerFolder(), folder), "*.cs", SearchOption.AllDirectories);

    /// <summary>The file without comments, which may give examples.</summary>
    private static string Code(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static string CompilerFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "generators", "VptDsl.Compiler"));
}
