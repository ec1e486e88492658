using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>
/// What a model declares to be multiplied on tensor cores is multiplied there, whatever the build or the project's other models say, and
/// what says nothing is emitted as it always was.
/// </summary>
public sealed class PrecisionTests
{
    private const string BFloat16 = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";
    private const string TensorFloat32 = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";

    private const string AllFloat32 = "On all other devices, the CPU among them, everything is float32.";

    private const string KeptInBFloat16 =
        "On every device, the CPU among them, what the backward pass reads of the forward pass is kept in bfloat16; everything else is "
        + "float32 where there are no tensor cores.";

    private const string Backbone = "[Vit(Patch = 16, Image = 224, Width = 384, Layers = 1, Heads = 6)] ";
    private const string Rest = "[DeepPrompt(Tokens = 4)] [LinearHead(Classes = 5)] ";
    private const string Plain = Backbone + Rest + "public sealed partial class Plain;\n";

    [Theory]
    [InlineData("Precision.BFloat16", BFloat16, TensorFloat32)]
    [InlineData("(Precision)1", TensorFloat32, BFloat16)]
    [InlineData("precision: Precision.Float32", TensorFloat32, BFloat16)]
    public void A_model_has_what_it_declares_whatever_the_build_says(string declared, string instruction, string other)
    {
        foreach (string? property in new[] { null, "false", "Float32", "TensorFloat32", "BFloat16" })
        {
            GeneratorRun run = Run(Model("Tuner", $"[Precision({declared})] "), property);

            Assert.Contains(instruction, Kernels(run), StringComparison.Ordinal);
            Assert.DoesNotContain(other, Kernels(run), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Models_of_several_precisions_share_a_project_and_what_they_have_in_common()
    {
        string[] models =
        [
            Plain, Model("Short", "[Precision(Precision.BFloat16)] "), Model("Middle", "[Precision(Precision.TensorFloat32)] "),
            Model("Whole", "[Precision(Precision.Float32)] "), Model("Again", "[Precision(Precision.BFloat16)] "),
        ];
        GeneratorRun together = Run(string.Concat(models));

        string[] kernels = Methods(together);
        Assert.Equal(kernels.Length, kernels.Distinct(StringComparer.Ordinal).Count());
        foreach (string model in models)
        {
            GeneratorRun alone = Run(model);
            Assert.Equal(Own(alone), Own(alone).Where(file => Own(together).Contains(file)));
            Assert.Empty(Methods(alone).Except(kernels));
        }

        Assert.DoesNotContain("OnTensorCores", File(together, "Plain.Ilgpu"), StringComparison.Ordinal);
        Assert.NotEqual(Launched(together, "Short"), Launched(together, "Middle"));
        Assert.NotEqual(Launched(together, "Whole"), Launched(together, "Middle"));
        Assert.Equal(Launched(together, "Short"), Launched(together, "Again"));
    }

    [Fact]
    public void Tasks_of_all_precisions_have_the_same_declaration()
    {
        string[] Declaration(string model) =>
            [.. File(Run(model), "Tuner.Description").Split('\n').Where(line => line.Contains("Declaration = ", StringComparison.Ordinal))];

        Assert.Single(Declaration(Model("Tuner", "")));
        Assert.Equal(Declaration(Model("Tuner", "")), Declaration(Model("Tuner", "[Precision(Precision.BFloat16)] ")));
    }

    [Theory]
    [InlineData("BFloat16", "rounded to 8 bits (BFloat16)", KeptInBFloat16)]
    [InlineData("TensorFloat32", "rounded to 11 bits (TensorFloat32)", AllFloat32)]
    [InlineData("Float32", "as sums of two of 11 bits (Float32)", AllFloat32)]
    public void The_explanation_says_what_is_multiplied_where(string precision, string words, string elsewhere)
    {
        string declared = File(Run(Model("Tuner", $"[Precision(Precision.{precision})] ")), "Tuner.g.cs");

        Assert.Contains(
            $"kinds of products and attention; they multiply floats {words}, and sums are float32. {elsewhere}\n",
            declared,
            StringComparison.Ordinal);
        Assert.Equal(declared, File(Run(Model("Tuner", ""), precision), "Tuner.g.cs"));
        Assert.DoesNotContain("Tensor cores", File(Run(Model("Tuner", "")), "Tuner.g.cs"), StringComparison.Ordinal);
    }

    /// <remarks>The same file may be compiled into a project for the CPU: what it says of GPUs is no mistake there.</remarks>
    [Fact]
    public void In_a_project_without_kernels_it_says_nothing_wrong_and_changes_nothing_that_runs()
    {
        GeneratorRun with = Run(Model("Tuner", "[Precision(Precision.TensorFloat32)] "), gpuKernels: "false");
        GeneratorRun without = Run(Model("Tuner", ""), gpuKernels: "false");

        Assert.Contains("Tensor cores multiply floats rounded to 11 bits", File(with, "Tuner.g.cs"), StringComparison.Ordinal);
        Assert.Equal(
            without.Sources.Where(file => !file.HintName.EndsWith("Tuner.g.cs", StringComparison.Ordinal)),
            with.Sources.Where(file => !file.HintName.EndsWith("Tuner.g.cs", StringComparison.Ordinal)));
    }

    /// <remarks>
    /// One plan serves all devices, so that the attribute means the same with kernels and without. The property says what tensor cores do,
    /// and nothing where there are none.
    /// </remarks>
    [Fact]
    public void In_bfloat16_alone_a_step_packs_what_it_saves_whether_there_are_kernels_or_not()
    {
        const string declared = "[Precision(Precision.BFloat16)] ", saved = "SavedActivations = global::VptDsl.Precision.BFloat16,";
        foreach (GeneratorRun run in new[] { Run(Model("Tuner", declared)), Run(Model("Tuner", declared), gpuKernels: "false") })
        {
            Assert.Contains("_operations.PackPairs", File(run, "Tuner.Program"), StringComparison.Ordinal);
            Assert.Contains("_operations.UnpackPairs", File(run, "Tuner.Program"), StringComparison.Ordinal);
            Assert.Contains(saved, File(run, "Tuner.Description"), StringComparison.Ordinal);
            Assert.Contains(KeptInBFloat16, File(run, "Tuner.g.cs"), StringComparison.Ordinal);
        }

        foreach (string? property in new[] { null, "false", "Float32", "TensorFloat32" })
            Assert.Equal(Step(Run(Model("Tuner", ""))), Step(Run(Model("Tuner", ""), property)));
        Assert.Equal(Step(Run(Model("Tuner", declared))), Step(Run(Model("Tuner", ""), "BFloat16")));
        Assert.Equal(Step(Run(Model("Tuner", ""), gpuKernels: "false")), Step(Run(Model("Tuner", ""), "BFloat16", gpuKernels: "false")));

        static string Step(GeneratorRun run) => File(run, "Tuner.Program");
    }

    [Fact]
    public void It_is_inherited_and_the_nearest_counts()
    {
        string study = "[Precision(Precision.TensorFloat32)] " + Backbone + "public abstract partial class Study;\n";
        GeneratorRun run = Run(
            study + Rest + "public sealed partial class Heir : Study;\n[Precision(Precision.BFloat16)] " + Rest
            + "public sealed partial class Own : Study;\n");

        Assert.Contains("Precision = global::VptDsl.Precision.TensorFloat32,", File(run, "Heir.Description"), StringComparison.Ordinal);
        Assert.Contains("Precision = global::VptDsl.Precision.BFloat16,", File(run, "Own.Description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(Precision)3", 3)]
    [InlineData("(Precision)(-1)", -1)]
    public void VPT019_what_is_no_precision(string written, int number) => DiagnosticAssert.Reports(
        $"{Backbone}{Rest}[Precision([|{written}|])] public sealed partial class Tuner;",
        "VPT019",
        $"Precision has no value {number}: write one of Precision.Float32, Precision.TensorFloat32, Precision.BFloat16");

    /// <remarks>A backbone of convolutions has few products; none of them is a mistake.</remarks>
    [Fact]
    public void Every_backbone_takes_it() => DiagnosticAssert.ReportsNothing(
        "[ResNet(ResNetSize.Layers50)] [LinearHead(Classes = 5)] [Precision(Precision.BFloat16)] public sealed partial class Tuner;");

    private static string Model(string name, string precision) => $"{precision}{Backbone}{Rest}public sealed partial class {name};\n";

    private static GeneratorRun Run(string models, string? tensorCores = null, string? gpuKernels = null)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n\n" + models, gpuKernels: gpuKernels, tensorCores: tensorCores);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        return run;
    }

    private static string Kernels(GeneratorRun run) => run.Sources.Single(file => file.IsShared).Text;

    private static string[] Methods(GeneratorRun run) =>
        [.. Kernels(run).Split("\n\n").Where(text => text.Contains(" static ", StringComparison.Ordinal))];

    private static GeneratedFile[] Own(GeneratorRun run) => [.. run.Sources.Where(file => !file.IsShared)];

    private static string File(GeneratorRun run, string name) =>
        run.Sources.Single(file => file.HintName.StartsWith(name, StringComparison.Ordinal)).Text;

    /// <summary>The kernels for tensor cores that a model launches.</summary>
    private static string[] Launched(GeneratorRun run, string model) =>
    [
        .. File(run, model + ".Ilgpu").Split("nameof(Kernels.").Skip(1).Select(text => text.Split(')')[0])
            .Where(name => name.Contains("OnTensorCores", StringComparison.Ordinal)),
    ];
}
