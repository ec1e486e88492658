using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using VptDsl.Generators.Diagnostics;
using VptDsl.Generators.Tests.Diagnostics;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects the promise that every diagnostic has a page that explains it, with examples that are true.</summary>
public sealed partial class DiagnosticPagesTests
{
    /// <summary>The pages of docs, as users reach them.</summary>
    private const string Site = "https://vptdsl.dev/";

    /// <summary>What the examples mention without declaring it.</summary>
    private const string Surroundings = """

        public class ServiceBase;
        public interface IClassifier;
        """;

    public static TheoryData<string> Ids => [.. Descriptors.All.Keys];

    /// <summary>Those that a declaration brings. The others, which a project brings, have tests of their own:
    /// <see cref="KernelTilesTests"/>, <see cref="GpuKernelsTests"/>, <see cref="TensorCoresTests"/>, <see cref="LanguageVersionTests"/>.
    /// </summary>
    public static TheoryData<string> IdsOfDeclarations =>
    [
        .. Descriptors.All.Keys.Except(
        [
            Descriptors.UnusableTiles.Id, Descriptors.UnusableKernels.Id, Descriptors.UnusableTensorCores.Id, Descriptors.LanguageTooOld.Id,
        ]),
    ];

    [Fact]
    public void Descriptors_pages_index_and_release_rows_name_the_same_ids()
    {
        IEnumerable<string> ids = Descriptors.All.Keys.Order();

        Assert.Equal(ids, RepositoryFiles.NamesIn("docs/diagnostics", "VPT*.md").Order());
        Assert.Equal(ids, IndexRow().Matches(RepositoryFiles.Read("docs/diagnostics/README.md")).Select(m => m.Groups["id"].Value));
        Assert.Equal(ids, ReleaseRows().Select(r => r.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Titles_are_the_same_everywhere(string id)
    {
        string title = Descriptors.Find(id).Title.ToString();

        Assert.StartsWith($"# {id}: {title}\n", RepositoryFiles.Read($"docs/diagnostics/{id}.md"), StringComparison.Ordinal);
        Assert.Contains($"| [{id}]({id}.md) | {title} |\n", RepositoryFiles.Read("docs/diagnostics/README.md"), StringComparison.Ordinal);
        Assert.Contains((id, title), ReleaseRows());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptors_are_errors_that_link_to_their_page(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.Find(id);

        Assert.Equal($"{Site}diagnostics/{id}", descriptor.HelpLinkUri);
        Assert.Equal(DiagnosticSeverity.Error, descriptor.DefaultSeverity);
        Assert.True(descriptor.IsEnabledByDefault);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Help_links_lead_to_a_page_of_docs(string id)
    {
        string[] link = Descriptors.Find(id).HelpLinkUri[Site.Length..].Split('#');
        string page = $"docs/{link[0]}.md";
        Assert.True(LinkTests.Resolves("README.md", link.Length == 1 ? page : $"{page}#{link[1]}"), $"{id}: nothing is at {page}.");
    }

    [Fact]
    public void The_package_names_the_same_site() => Assert.Contains(
        $"<DocumentationSite>{Site.TrimEnd('/')}</DocumentationSite>",
        RepositoryFiles.Read("Directory.Build.props"),
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(IdsOfDeclarations))]
    public void The_wrong_example_brings_the_diagnostic_and_the_right_one_none(string id)
    {
        string page = RepositoryFiles.Read($"docs/diagnostics/{id}.md");
        string right = Assert.Single(RepositoryFiles.Examples(page, "Right"));
        string wrong = RepositoryFiles.Examples(page, "Wrong")[0];

        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n\n" + wrong + Surroundings);

        Assert.Equal([id], run.Diagnostics.Select(d => d.Id));
        DiagnosticAssert.ReportsNothing(right + Surroundings);
    }

    private static IEnumerable<(string Id, string Title)> ReleaseRows() =>
        ReleaseRow().Matches(
                RepositoryFiles.Read("generators/VptDsl.Generators/AnalyzerReleases.Shipped.md")
                + RepositoryFiles.Read("generators/VptDsl.Generators/AnalyzerReleases.Unshipped.md"))
            .Select(m => (m.Groups["id"].Value, m.Groups["title"].Value));

    [GeneratedRegex(@"^\| \[(?<id>VPT\d+)\]", RegexOptions.Multiline)]
    private static partial Regex IndexRow();

    [GeneratedRegex(@"^(?<id>VPT\d+) \| VptDsl \| Error \| (?<title>.+), \[page\]", RegexOptions.Multiline)]
    private static partial Regex ReleaseRow();
}
