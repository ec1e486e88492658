using System.Runtime.CompilerServices;

namespace VptDsl.Compiler.Tests.Structure;

/// <summary>
/// Dependencies of the compiler and of the runtime run one way, and the compiler's middle knows neither backbones nor what they are used
/// for: a new backbone, prompt scheme or decoder of pixels needs no edit there.
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

    // What users name first (Tuner, Device) stands above all folders, and some of it is named by all.
    private static readonly Dictionary<string, string[]> AllowedInRuntime = new()
    {
        ["Common"] = [],
        ["Data"] = ["Common"],
        ["Programs"] = ["Common", "Data"],
        ["Devices"] = ["Common", "Programs"],
        ["Weights"] = ["Common", "Data", "Programs"],
        ["Tasks"] = ["Common", "Data", "Programs", "Weights"],
        ["Inspection"] = ["Programs", "Tasks", "Weights"],
        ["Training"] = ["Common", "Data", "Devices", "Programs", "Weights"],
        ["MultiTask"] = ["Common", "Data", "Programs", "Tasks", "Training", "Weights"],
    };

    public static TheoryData<string> Folders { get; } = [.. Allowed.Keys];

    public static TheoryData<string> RuntimeFolders { get; } = [.. AllowedInRuntime.Keys];

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

    [Theory]
    [MemberData(nameof(RuntimeFolders))]
    public void A_folder_of_the_runtime_names_only_those_it_may_use(string folder)
    {
        foreach (string other in AllowedInRuntime.Keys.Except([folder, .. AllowedInRuntime[folder]]))
        {
            // Data and Weights are names of members too, so that only what begins with the library's own name is one of a folder.
            Assert.All(FilesIn(Path.Combine(RuntimeFolder(), folder)), f => Assert.DoesNotMatch($@"\bVptDsl\.{other}\b", Code(f)));
        }
    }

    [Theory]
    [InlineData("Cpu", "Ilgpu")]
    [InlineData("Ilgpu", "Cpu")]
    public void Devices_know_nothing_of_each_other(string folder, string other) => Assert.All(
        FilesIn(Path.Combine(RuntimeFolder(), "Devices", folder)), f => Assert.DoesNotMatch($@"\bDevices\.{other}\b", Code(f)));

    [Fact]
    public void Folders_of_the_runtime_are_used_one_way()
    {
        var placed = new HashSet<string>();
        while (AllowedInRuntime.Keys.FirstOrDefault(f => !placed.Contains(f) && AllowedInRuntime[f].All(placed.Contains)) is { } next)
            placed.Add(next);
        Assert.Equal(AllowedInRuntime.Keys.Order(StringComparer.Ordinal), placed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_of_the_runtime_has_its_place() =>
        Assert.Equal(AllowedInRuntime.Keys.Order(StringComparer.Ordinal), FoldersOf(RuntimeFolder()).Except(["build"]));

    [Fact]
    public void Every_folder_of_the_compiler_has_its_place() =>
        Assert.Equal(Layers, FoldersOf(CompilerFolder()).Except(["Common"]));

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

    private static string[] Files(string folder) => FilesIn(Path.Combine(CompilerFolder(), folder));

    private static string[] FilesIn(string path) => Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories);

    private static IEnumerable<string> FoldersOf(string path) =>
        Directory.GetDirectories(path).Select(d => Path.GetFileName(d)!).Except(["bin", "obj"]).Order(StringComparer.Ordinal);

    /// <summary>The file without comments, which may give examples.</summary>
    private static string Code(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static string CompilerFolder() => Path.Combine(Repository(), "generators", "VptDsl.Compiler");

    private static string RuntimeFolder() => Path.Combine(Repository(), "src", "VptDsl");

    private static string Repository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
