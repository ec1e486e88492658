using System.Text.RegularExpressions;

namespace VptDsl.Testing.Documentation;

/// <summary>A command that a page tells its readers to type.</summary>
/// <param name="Page">The page's path from the repository's root.</param>
/// <param name="Line">The line of the block that it stands in, or 0 for one within a sentence.</param>
/// <param name="Text">All of it, as written.</param>
/// <param name="Words">The program and its arguments, as the shell hands them on; what an ellipsis leaves out is left out.</param>
internal sealed partial record ShellCommand(string Page, int Line, string Text, IReadOnlyList<string> Words)
{
    private static readonly string[] Programs =
        [".ci/install-ptxas", ".ci/run", "./run.sh", "apt-get", "curl", "docker", "dotnet", "dpkg-deb", "node", "npm", "tar", "vpt"];

    /// <summary>What is run.</summary>
    public string Program => Words[0];

    /// <summary>Whether it is an outline, of which some is left out or stands for something else.</summary>
    public bool IsOutline => Text.Contains('…', StringComparison.Ordinal) || Placeholder().IsMatch(Text);

    /// <summary>The commands of all guides, in blocks and in sentences.</summary>
    public static IReadOnlyList<ShellCommand> OfGuides => [.. RepositoryFiles.Guides.SelectMany(Of)];

    /// <summary>The commands of a page, in blocks and in sentences.</summary>
    public static IEnumerable<ShellCommand> Of(string page) =>
    [
        .. BlocksOf(page).SelectMany(block => block.Text.Split('\n').SelectMany(line => Read(page, block.Line, line))),
        .. MarkdownBlock.SpansOf(page).Where(span => span.Contains(' ', StringComparison.Ordinal))
            .SelectMany(span => Read(page, line: 0, span)),
    ];

    /// <summary>The blocks of a page that hold what is typed, as their first line tells.</summary>
    public static IEnumerable<MarkdownBlock> BlocksOf(string page) => MarkdownBlock.Of(page)
        .Where(block => block.Language is "" or "sh" && Read(page, block.Line, block.Text.Split('\n')[0]).Any());

    /// <summary>The commands of a line, which <c>&amp;&amp;</c> may join; none where it is something else.</summary>
    public static IEnumerable<ShellCommand> Read(string page, int line, string text) =>
        from part in Comment().Replace(text, "").Split(" && ")
        let command = Variables().Replace(part.Trim(), "")
        let words = Word().Matches(command).Select(match => Unquoted(match.Value)).Where(word => !word.Contains('…')).ToArray()
        where words.Length > 0 && Programs.Contains(words[0])
        select new ShellCommand(page, line, part.Trim(), words);

    /// <summary>The value behind each time that an option is given.</summary>
    public IEnumerable<string> ValuesOf(string option) => Words.Zip(Words.Skip(1)).Where(pair => pair.First == option)
        .Select(pair => pair.Second);

    public override string ToString() => $"{Page}({Line}): {Text}";

    private static string Unquoted(string word) =>
        QuotedPart().Replace(word, match => Escape().Replace(match.Groups["text"].Value, "$1"));

    [GeneratedRegex(@"(^|\s)#\s.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:[A-Z_]+=\S* )+")]
    private static partial Regex Variables();

    [GeneratedRegex("""(?:"(?:[^"\\]|\\.)*"|[^\s"])+""")]
    private static partial Regex Word();

    [GeneratedRegex("""
        "(?<text>(?:[^"\\]|\\.)*)"
        """)]
    private static partial Regex QuotedPart();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();

    [GeneratedRegex(@"(?<=\s)(?:[A-Z]{2,}|[A-Z])(?=\s|$)|/path/to/")]
    private static partial Regex Placeholder();
}
