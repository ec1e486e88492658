using System.Text.RegularExpressions;

namespace VptDsl.Testing.Documentation;

/// <summary>A fenced block of a Markdown page.</summary>
/// <param name="Page">The page's path from the repository's root.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Language">What stands behind the fence: the language, and perhaps what sort of excerpt it is.</param>
/// <param name="Text">What it holds, without the fence's indentation.</param>
internal sealed partial record MarkdownBlock(string Page, int Line, string Language, string Text)
{
    /// <summary>The blocks of a page.</summary>
    public static IReadOnlyList<MarkdownBlock> Of(string page)
    {
        string markdown = RepositoryFiles.Read(page);
        return
        [
            .. Fence().Matches(markdown).Select(match => new MarkdownBlock(
                page,
                1 + markdown.AsSpan(0, match.Index).Count('\n'),
                match.Groups["language"].Value,
                Indentation(match.Groups["indent"].Value).Replace(match.Groups["text"].Value, ""))),
        ];
    }

    /// <summary>What a page sets in code within its sentences.</summary>
    public static IReadOnlyList<string> SpansOf(string page) =>
        [.. Span().Matches(Fence().Replace(RepositoryFiles.Read(page), "")).Select(match => match.Groups["text"].Value)];

    private static Regex Indentation(string spaces) => new($"^{spaces}", RegexOptions.Multiline);

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"^(?<indent> *)```(?<language>[^\n]*)\n(?<text>.*?)^\k<indent>```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
