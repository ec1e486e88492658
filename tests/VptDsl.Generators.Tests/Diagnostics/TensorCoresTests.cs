using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>
/// A project that asks for tensor cores gets kernels for them beside the others, and one that does not gets what it always had.
/// </summary>
public sealed partial class TensorCoresTests
{
    private const string Mark = "OnTensorCores";

    private const string Model = """
        using VptDsl;

        namespace Sample;

        [Vit(Patch = 16, Image = 224, Width = 384, Layers = 1, Heads = 6)]
        [DeepPrompt(Tokens = 4)]
        [LinearHead(Classes = 5)]
        public sealed partial class Tuner;
        """;

    [Theory]
    [InlineData("Float32", "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32")]
    [InlineData(" tensorfloat32 ", "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32")]
    [InlineData("BFloat16", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32")]
    public void Each_precision_has_kernels_of_its_own_that_a_GPU_with_tensor_cores_launches(string value, string instruction)
    {
        GeneratorRun run = GeneratorHarness.Run(Model, tensorCores: value);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        Assert.Contains(instruction, Kernels(run), StringComparison.Ordinal);
        string operations = run.Sources.Single(file => file.HintName.EndsWith("Ilgpu.g.cs", StringComparison.Ordinal)).Text;
        Assert.Contains("if (HasTensorCores)", operations, StringComparison.Ordinal);
    }

    /// <remarks>What runs on OpenCL, on older GPUs and on the simulator is the same to the byte.</remarks>
    [Fact]
    public void The_kernels_of_other_devices_are_the_same_with_the_property_and_without()
    {
        GeneratorRun with = GeneratorHarness.Run(Model, tensorCores: "Float32"), without = GeneratorHarness.Run(Model);

        Assert.DoesNotContain(Mark, Kernels(without), StringComparison.Ordinal);
        Assert.Equal(Methods(without), Methods(with).Where(text => !text.Contains(Mark, StringComparison.Ordinal)));
    }

    /// <remarks>A literal of several lines and all else is C# that no recent version is needed for.</remarks>
    [Fact]
    public void Kernels_compile_in_the_language_that_the_others_need() => Assert.Empty(
        GeneratorHarness.Run(Model, tensorCores: "Float32", language: LanguageVersion.CSharp12).CompileErrors);

    [Theory]
    [InlineData("")]
    [InlineData("False")]
    public void Without_a_precision_there_are_none(string value) =>
        Assert.DoesNotContain(Mark, Kernels(GeneratorHarness.Run(Model, tensorCores: value)), StringComparison.Ordinal);

    /// <remarks>A number is no name of a precision, nor are two names.</remarks>
    [Theory]
    [InlineData("1")]
    [InlineData("Float32,BFloat16")]
    public void What_names_no_precision_is_an_error(string value) =>
        Assert.Equal("VPT077", Assert.Single(GeneratorHarness.Run(Model, tensorCores: value).Diagnostics).Id);

    [Fact]
    public void The_page_shows_a_wrong_and_a_right_value()
    {
        string page = RepositoryFiles.Read("docs/diagnostics/VPT077.md");
        string[] values = [.. Property().Matches(page).Select(m => m.Groups["value"].Value)];

        Assert.Equal(2, values.Length);
        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(Model, tensorCores: values[0]).Diagnostics);
        Assert.Equal("VPT077", diagnostic.Id);
        Assert.StartsWith(
            $"The build property VptDslTensorCores is {values[0]}: write Float32", diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Empty(GeneratorHarness.Run(Model, tensorCores: values[1]).Diagnostics);
    }

    private static string Kernels(GeneratorRun run) => run.Sources.Single(file => file.IsShared).Text;

    private static string[] Methods(GeneratorRun run) => Kernels(run).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("<VptDslTensorCores>(?<value>.*)</VptDslTensorCores>")]
    private static partial Regex Property();
}
