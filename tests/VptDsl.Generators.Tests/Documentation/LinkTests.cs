using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects readers from dead ends: links inside the repository lead to files and headings that are there.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Pages, .. RepositoryFiles.DiagnosticPages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_resolve(string page) => Assert.All(
        Link().Matches(Fenced().Replace(RepositoryFiles.Read(page), "")).Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal)),
        target => Assert.True(Resolves(page, target), $"{page}: nothing is at {target}."));

    /// <summary>Whether a link on a page leads to a file, and to a heading of it where one is named.</summary>
    internal static bool Resolves(string page, string target)
    {
        string[] parts = target.Split('#');
        string path = parts[0].Length == 0
            ? page
            : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(page)!, parts[0]))).Replace('\\', '/');
        return RepositoryFiles.Exists(path) && (parts.Length == 1 || Anchors(path).Contains(parts[1]));
    }

    /// <summary>What GitHub makes of headings: small letters, blanks as hyphens, no other signs.</summary>
    private static IEnumerable<string> Anchors(string page) =>
        Heading().Matches(Fenced().Replace(RepositoryFiles.Read(page), ""))
            .Select(match => NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!`)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
