using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>The build property that overrides the tiles of kernels is obeyed, or refused with the reason.</summary>
public sealed partial class KernelTilesTests
{
    private const string Model = """
        using VptDsl;

        [Vit(VitSize.Tiny), DeepPrompt(Tokens = 10), LinearHead(Classes = 5)]
        public sealed partial class FlowerTuner;
        """;

    [Theory]
    [InlineData("64,64,32,4,4", "Tiles of 64 × 64 for 256 threads")]
    [InlineData(" 32, 64, 16, 4, 4 ", "Tiles of 32 × 64 for 128 threads")]
    [InlineData("16,16,16,1,2", "Tiles of 16 × 16 for 128 threads")]
    [InlineData("small", "Tiles of 8 × 8 for 4 threads")]
    [InlineData(null, "Tiles of 128 × 64 for 128 threads")]
    [InlineData("", "Tiles of 128 × 64 for 128 threads")]
    public void Products_have_the_tiles_that_the_property_names(string? tiles, string summary)
    {
        GeneratorRun run = GeneratorHarness.Run(Model, tiles);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        Assert.Contains(
            summary, run.Sources.Single(s => s.HintName.EndsWith("Kernels.g.cs", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("large", "which is not five positive numbers")]
    [InlineData("64,64,32,4", "which is not five positive numbers")]
    [InlineData("64,64,32,4,4,1", "which is not five positive numbers")]
    [InlineData("64,64,32,4,0", "which is not five positive numbers")]
    [InlineData("64,64,32,-4,4", "which is not five positive numbers")]
    [InlineData("64,64,99999999999,4,4", "which is not five positive numbers")]
    [InlineData("65536,65536,32,1,1", "in which a number is above 4096")]
    [InlineData("64,64,32,3,4", "whose threads do not divide the tile")]
    [InlineData("128,128,8,4,4", "which needs 1024 threads, and a group has 256 at most")]
    [InlineData("48,48,16,4,4", "whose 144 threads cannot share out the loading of its tiles evenly")]
    [InlineData("128,128,64,8,8", "which needs 135168 bytes of shared memory, and a group has 49152 at most")]
    [InlineData("128,128,8,16,8", "which needs some 192 registers for each thread, and 128 is the most")]
    public void Tiles_that_no_kernel_can_have_are_refused_with_the_reason(string tiles, string reason)
    {
        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(Model, tiles).Diagnostics);

        Assert.Equal("VPT075", diagnostic.Id);
        Assert.StartsWith(
            $"The build property VptDslKernelTiles is {tiles}, {reason}: write small",
            diagnostic.GetMessage(null),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_a_wrong_and_a_right_value()
    {
        string page = RepositoryFiles.Read("docs/diagnostics/VPT075.md");
        string[] values = [.. Property().Matches(page).Select(m => m.Groups["value"].Value)];

        Assert.Equal(2, values.Length);
        Assert.Equal("VPT075", Assert.Single(GeneratorHarness.Run(Model, values[0]).Diagnostics).Id);
        Assert.Empty(GeneratorHarness.Run(Model, values[1]).Diagnostics);
    }

    [GeneratedRegex("<VptDslKernelTiles>(?<value>.*)</VptDslKernelTiles>")]
    private static partial Regex Property();
}
