using VptDsl.Generators.Parsing;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects the language reference from falling behind the language.</summary>
public sealed class ReferenceTests
{
    private static readonly string Reference = RepositoryFiles.Read("docs/dsl-reference.md");

    public static TheoryData<string> Examples => [.. RepositoryFiles.Examples(Reference)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_compiles(string example) => DiagnosticAssert.ReportsNothing(example.Replace("using VptDsl;\n", "", StringComparison.Ordinal));

    [Fact]
    public void Every_example_of_prompts_of_ones_own_compiles()
    {
        const string Using = "using VptDsl.Prompts;\n";
        Assert.All(RepositoryFiles.Examples(RepositoryFiles.Read("docs/open-prompts.md")), example => DiagnosticAssert.ReportsNothing(
            example.Contains("class", StringComparison.Ordinal)
                ? example.Replace("using VptDsl;\n", "", StringComparison.Ordinal)
                : $"{Using}[Vit(VitSize.Tiny), LinearHead(Classes = 9)] public sealed partial class Tuner {{ [PromptMethod] static void Prompt(PromptedLayer layer) {{ {example} }} }}"));
    }

    [Fact]
    public void Every_attribute_has_a_section_that_lists_its_arguments()
    {
        foreach (KnownAttribute known in KnownAttribute.All)
        {
            string section = Section(known.Kind.ToString());
            Type attribute = typeof(VitAttribute).Assembly.GetType(known.MetadataName)!;
            Assert.All(
                attribute.GetProperties().Where(p => p.SetMethod is not null),
                p => Assert.Contains($"\n| `{p.Name}` |", section, StringComparison.Ordinal));
        }
    }

    private static string Section(string heading)
    {
        int start = Reference.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/dsl-reference.md has no section '{heading}'.");
        int end = Reference.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Reference[start..] : Reference[start..end];
    }
}
