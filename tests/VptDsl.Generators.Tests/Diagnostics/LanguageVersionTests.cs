using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>A project in an older C# is told so once, and not by errors in generated code.</summary>
public sealed class LanguageVersionTests
{
    private const string Model = """
        namespace Models
        {
            [VptDsl.Vit(VptDsl.VitSize.Tiny), VptDsl.LinearHead(Classes = 10)]
            public sealed partial class Flowers { }

            public static class Use { public static object Made(VptDsl.Device device) { return Flowers.Create(device); } }
        }
        """;

    [Theory]
    [InlineData(LanguageVersion.CSharp10, "10.0")]
    [InlineData(LanguageVersion.CSharp11, "11.0")]
    public void VPT029_stands_alone(LanguageVersion language, string version)
    {
        GeneratorRun run = GeneratorHarness.Run(Model, language: language);

        Assert.Equal(
            $"What is generated for 'Flowers' is C# 12, but the project is compiled as C# {version}: remove LangVersion from the project, "
                + "or set it to 12 or more",
            Assert.Single(run.Diagnostics).GetMessage(null));
        Assert.Equal("VPT029", run.Diagnostics[0].Id);
        Assert.Empty(run.CompileErrors);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp7_3)]
    [InlineData(LanguageVersion.CSharp9)]
    public void VPT029_comes_in_every_older_version(LanguageVersion language)
    {
        GeneratorRun run = GeneratorHarness.Run(Model, language: language);
        Assert.Equal("VPT029", Assert.Single(run.Diagnostics).Id);
        Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Preview)]
    public void Later_versions_compile_what_is_generated(LanguageVersion language)
    {
        GeneratorRun run = GeneratorHarness.Run(Model, language: language);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
    }

    [Fact]
    public void The_page_shows_a_wrong_and_a_right_value()
    {
        string page = RepositoryFiles.Read("docs/diagnostics/VPT029.md");
        string[] values = [.. page.Split("<LangVersion>").Skip(1).Select(part => part[..part.IndexOf('<', StringComparison.Ordinal)])];

        Assert.Equal(2, values.Length);
        Assert.Equal([true, false], values.Select(value =>
        {
            Assert.True(LanguageVersionFacts.TryParse(value, out LanguageVersion version));
            return GeneratorHarness.Run(Model, language: version).Diagnostics.Any(d => d.Id == "VPT029");
        }));
    }
}
