using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VptDsl.Package.Tests;

/// <summary>
/// Protects whoever finds a package in a gallery and steps into it: it says whose it is and what it may be used for, its page has its
/// picture and links that lead somewhere, its symbols have their sources, and nothing in it is about the machine that it was built on.
/// </summary>
public sealed partial class PackedFilesTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private readonly PackedLibrary _library = library;

    public static TheoryData<string> Packages => [.. PackedLibrary.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void It_says_whose_it_is_and_what_it_may_be_used_for(string package)
    {
        XElement license = Metadata(package, "license");
        Assert.Equal(("expression", "MIT"), (license.Attribute("type")?.Value, license.Value));
        Assert.Equal("https://vptdsl.dev", Metadata(package, "projectUrl").Value.TrimEnd('/'));
        foreach (string element in new[] { "authors", "description", "tags" })
            Assert.NotEmpty(Metadata(package, element).Value);
        Assert.Equal("PNG"u8.ToArray(), Bytes(package, Metadata(package, "icon").Value)[1..4]);
        Assert.NotEmpty(Read(package, Metadata(package, "readme").Value));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Links_of_the_readme_need_no_repository_around_them(string package)
    {
        string readme = Metadata(package, "readme").Value;
        string[] targets = [.. Link().Matches(Read(package, readme)).Select(match => match.Groups["target"].Value)];
        Assert.All(targets, target => Assert.Matches(@"^https://[^\s#]*(?<!\.md)(#|$)", target));
    }

    [Fact]
    public void Links_of_the_readme_lead_to_the_pages_of_docs() => Assert.Contains(
        $"]({Metadata("VptDsl", "projectUrl").Value.TrimEnd('/')}/weights#from-the-hub)", Read("VptDsl", "README.md"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("VptDsl", "README.md")]
    [InlineData("VptDsl.Onnx", "docs/onnx.md")]
    [InlineData("VptDsl.Orleans", "docs/cluster.md")]
    [InlineData("VptDsl.Serving", "docs/serving.md")]
    [InlineData("VptDsl.Templates", "docs/getting-started.md")]
    [InlineData("VptDsl.Tool", "docs/cli.md")]
    public void The_readme_is_a_page_of_the_repository_but_for_links(string package, string page)
    {
        string original = File.ReadAllText(Path.Combine(PackedLibrary.FindRoot(), page));
        string packed = Read(package, Metadata(package, "readme").Value);
        Assert.Equal(Target().Replace(original, "]()").TrimEnd(), Target().Replace(packed, "]()").ReplaceLineEndings("\n").TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void It_depends_on_no_package_that_is_not_packed(string package) => Assert.All(
        Nuspec(package).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value)
            .Where(name => name.StartsWith("VptDsl", StringComparison.Ordinal)),
        name => Assert.Contains(name, PackedLibrary.Packages));

    [SkippableTheory]
    [MemberData(nameof(Packages))]
    public void Its_symbols_have_their_sources_and_no_path_of_this_machine(string package)
    {
        Skip.If(PackedLibrary.IsForDebugging, "Builds for debugging have the paths of their machine: -c Release, or CI=true.");
        foreach (string assembly in OwnAssemblies(package))
        {
            using var image = new PEReader(new MemoryStream(Bytes(package, assembly)));
            DebugDirectoryEntry symbols = Assert.Single(
                image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            using MetadataReaderProvider provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
            MetadataReader reader = provider.GetMetadataReader();
            Assert.All(reader.Documents, handle =>
            {
                string name = reader.GetString(reader.GetDocument(handle).Name);
                Assert.True(name.StartsWith("/_", StringComparison.Ordinal), $"{assembly}: {name}");
                Assert.True(HasSource(reader, handle), $"{assembly} has no source of {name}.");
            });
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Packages))]
    public void No_file_says_where_it_was_built(string package)
    {
        Skip.If(PackedLibrary.IsForDebugging, "Builds for debugging have the paths of their machine: -c Release, or CI=true.");
        string[] places = [PackedLibrary.FindRoot(), Consumer.GlobalPackages(), _library.Folder];
        using ZipArchive archive = ZipFile.OpenRead(_library.FileOf(package));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            byte[] content = Bytes(package, entry.FullName);
            Assert.All(places, place => Assert.False(Says(content, place), $"{package}: {entry.FullName} says {place}."));
        }
    }

    private static bool Says(byte[] content, string text) => new[] { Encoding.UTF8, Encoding.Unicode }
        .Any(encoding => content.AsSpan().IndexOf(encoding.GetBytes(text)) >= 0);

    private static bool HasSource(MetadataReader reader, DocumentHandle document) => reader.GetCustomDebugInformation(document)
        .Any(handle => reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind) == EmbeddedSource);

    private string[] OwnAssemblies(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(_library.FileOf(package));
        return [.. archive.Entries.Select(entry => entry.FullName).Where(name => OwnAssembly().IsMatch(name))];
    }

    private XElement Metadata(string package, string name) =>
        Nuspec(package).Descendants().Single(element => element.Name.LocalName == name);

    private XElement Nuspec(string package) => XDocument.Parse(Read(package, $"{package}.nuspec")).Root!;

    private string Read(string package, string entry) => Encoding.UTF8.GetString(Bytes(package, entry)).TrimStart('\uFEFF');

    private byte[] Bytes(string package, string entry)
    {
        using ZipArchive archive = ZipFile.OpenRead(_library.FileOf(package));
        using Stream stream = archive.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex(@"(?<!`)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\([^)\s]+\)")]
    private static partial Regex Target();

    [GeneratedRegex(@"(^|/)(VptDsl[\w.]*|vpt)\.dll$")]
    private static partial Regex OwnAssembly();
}
