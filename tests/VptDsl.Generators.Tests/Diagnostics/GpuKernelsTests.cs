using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Generators.Tests.Snapshots;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>A project that wants no GPU gets no kernels and says so; the models of one that does share them.</summary>
public sealed partial class GpuKernelsTests
{
    private static readonly string Model = TinyModels.File(TinyModels.Deep);

    [Fact]
    public void Without_kernels_nothing_is_generated_for_GPUs_and_to_ask_for_one_is_an_error()
    {
        GeneratorRun run = GeneratorHarness.Run(Model, gpuKernels: "false");

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        Assert.Equal(5, run.Sources.Length);
        Assert.DoesNotContain(run.Sources, file => file.Text.Contains("ArrayView", StringComparison.Ordinal));
        Assert.Contains(run.Sources, file => file.Text.Contains("IlgpuDevice => throw WithoutKernels(device),", StringComparison.Ordinal));
        Assert.Contains(run.Sources, file => file.Text.Contains("ScratchBytes(int batch) => 4 * (0);", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true")]
    [InlineData(" True ")]
    [InlineData("")]
    public void With_the_property_or_without_there_are_kernels(string value) =>
        Assert.Equal(7, GeneratorHarness.Run(Model, gpuKernels: value).Sources.Length);

    [Fact]
    public void The_page_shows_a_wrong_and_a_right_value()
    {
        string page = RepositoryFiles.Read("docs/diagnostics/VPT076.md");
        string[] values = [.. Property().Matches(page).Select(m => m.Groups["value"].Value)];

        Assert.Equal(2, values.Length);
        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(Model, gpuKernels: values[0]).Diagnostics);
        Assert.Equal("VPT076", diagnostic.Id);
        Assert.StartsWith(
            $"The build property VptDslGpuKernels is {values[0]}: write false", diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Empty(GeneratorHarness.Run(Model, gpuKernels: values[1]).Diagnostics);
    }

    [GeneratedRegex("<VptDslGpuKernels>(?<value>.*)</VptDslGpuKernels>")]
    private static partial Regex Property();
}
