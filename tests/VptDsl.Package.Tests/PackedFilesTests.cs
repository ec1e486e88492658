using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VptDsl.Package.Tests;

/// <summary>Protects the page that the package has in a gallery: its picture is there, and its links lead somewhere.</summary>
public sealed partial class PackedFilesTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    private readonly PackedLibrary _library = library;

    [Fact]
    public void Links_of_the_readme_need_no_repository_around_them()
    {
        string[] targets = [.. Link().Matches(Read("README.md")).Select(match => match.Groups["target"].Value)];
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.StartsWith("https://", target, StringComparison.Ordinal));
        Assert.Contains($"{Metadata("projectUrl").TrimEnd('/')}/getting-started", targets);
    }

    [Fact]
    public void The_readme_is_that_of_the_repository_but_for_links()
    {
        string original = File.ReadAllText(Path.Combine(PackedLibrary.FindRoot(), "README.md"));
        Assert.Equal(
            Link().Replace(original, "]()").TrimEnd(), Link().Replace(Read("README.md"), "]()").ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public void The_icon_is_a_picture_in_the_package()
    {
        using ZipArchive archive = ZipFile.OpenRead(_library.File);
        using Stream icon = archive.GetEntry(Metadata("icon"))!.Open();
        byte[] start = new byte[4];
        icon.ReadExactly(start);
        Assert.Equal("PNG"u8.ToArray(), start[1..]);
    }

    private string Metadata(string name)
    {
        XElement root = XDocument.Parse(Read("VptDsl.nuspec")).Root!;
        return root.Descendants().Single(element => element.Name.LocalName == name).Value;
    }

    private string Read(string entry)
    {
        using ZipArchive archive = ZipFile.OpenRead(_library.File);
        using var reader = new StreamReader(archive.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<!`)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
