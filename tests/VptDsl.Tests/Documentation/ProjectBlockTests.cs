using System.Text.RegularExpressions;
using System.Xml.Linq;
using VptDsl.Testing.Documentation;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects who copies a part of a project: it is XML, names properties that the package knows and packages that there are. Whether the
/// generator takes the properties' values is tested with its diagnostics, and the whole in VptDsl.Package.Tests.
/// </summary>
public sealed partial class ProjectBlockTests
{
    private static readonly string[] Ours =
        [.. RepositoryFiles.PathsIn("*.csproj", "src").Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>What the package brings to a build.</summary>
    private static readonly string Package =
        RepositoryFiles.Read("src/VptDsl/build/VptDsl.props") + RepositoryFiles.Read("src/VptDsl/build/VptDsl.targets");

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (MarkdownBlock block in RepositoryFiles.Guides.Concat(RepositoryFiles.DiagnosticPages).SelectMany(MarkdownBlock.Of)
                .Where(block => block.Language == "xml"))
            {
                data.Add(block.Page, block.Line);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_part_of_a_project_names_what_there_is(string page, int line)
    {
        string text = MarkdownBlock.Of(page).Single(block => block.Line == line).Text;
        XElement project = XElement.Parse($"<Block>{text}</Block>");
        IEnumerable<string> properties = project.Descendants().Select(element => element.Name.LocalName)
            .Concat(project.Descendants("CompilerVisibleProperty").Select(element => element.Attribute("Include")!.Value))
            .Where(name => name.StartsWith("VptDsl", StringComparison.Ordinal));
        Assert.All(properties, name => Assert.Contains(name, Package, StringComparison.Ordinal));
        Assert.All(
            project.Descendants("PackageReference").Select(element => element.Attribute("Include")!.Value),
            name => Assert.Contains(name, Ours));
    }

    /// <summary>Properties within sentences.</summary>
    [Fact]
    public void Properties_of_the_build_are_the_packages()
    {
        string[] named =
        [
            .. RepositoryFiles.Guides.SelectMany(MarkdownBlock.SpansOf).SelectMany(span => Property().Matches(span))
                .Select(match => match.Value).Distinct(),
        ];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Matches($@"\b{name}\b", Package));
    }

    [GeneratedRegex(@"\bVptDsl(?:Kernel|Gpu|Tensor|Native)\w+")]
    private static partial Regex Property();
}
