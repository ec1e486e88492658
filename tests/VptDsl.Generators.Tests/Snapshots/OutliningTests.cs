using VptDsl.Compiler;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>Equal layers are written once: a model of 32 layers reads like one of 12.</summary>
public sealed class OutliningTests
{
    public static TheoryData<string> Schemes { get; } =
    [
        "linear", "shallow", "deep", "first four", "last four", "first four, dropped", "everything",
    ];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Every_file_but_the_list_of_parameters_is_as_long_with_32_layers_as_with_12(string scheme)
    {
        Dictionary<string, string> twelve = Emit(scheme, 12), thirtyTwo = Emit(scheme, 32);
        foreach (string part in new[] { "Flowers", "Program", "Operations", "Cpu", "Ilgpu", "Kernels" })
            Assert.Equal(Lines(twelve[part]), Lines(thirtyTwo[part]));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Buffers_of_successive_layers_lie_at_constant_distances(string scheme) =>
        Assert.DoesNotContain("layer switch", Emit(scheme, 32)["Program"], StringComparison.Ordinal);

    [Fact]
    public void The_operations_of_all_layers_are_those_of_one() =>
        Assert.Equal(Emit("deep", 12)["Operations"], Emit("deep", 32)["Operations"]);

    private static int Lines(string text) => text.Count(c => c == '\n');

    /// <summary>The emitted files by the last word of their names.</summary>
    private static Dictionary<string, string> Emit(string scheme, int layers) =>
        ModelCompiler.Compile(Declare(scheme, layers)).Alone.ToDictionary(f => f.HintName.Split('.')[^3], f => f.Text);

    private static ModelSpec Declare(string scheme, int layers)
    {
        IEnumerable<int> all = Enumerable.Range(0, layers);
        TokenPromptSpec? prompts = scheme switch
        {
            "linear" or "everything" => null,
            "shallow" => Prompts([0]),
            "deep" => Prompts(all),
            "last four" => Prompts(all.TakeLast(4)),
            "first four, dropped" => Prompts(all.Take(4)) with { Flow = PromptFlow.Drop },
            _ => Prompts(all.Take(4)),
        };
        return new(
            new("Models", "Flowers", "public"),
            new VitSpec(Image: 224, Channels: 3, Patch: 16, Width: 768, layers, Heads: 12, Mlp: 3072),
            prompts,
            new ClassifierHeadSpec(Classes: 10),
            scheme == "everything" ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    private static TokenPromptSpec Prompts(IEnumerable<int> layers) => new(Tokens: 50, layers.ToEquatableArray(), PromptFlow.Carry);
}
