using System.Reflection;
using System.Text.RegularExpressions;
using VptDsl.Compiler.Graph;
using VptDsl.Onnx;
using VptDsl.Orleans;
using VptDsl.Serving;
using VptDsl.Testing.Documentation;
using VptDsl.Tool.Commands;

namespace VptDsl.Tests.Documentation;

/// <summary>Protects readers who search for a name that a page sets in code: it is still called so.</summary>
public sealed partial class NameTests
{
    /// <summary>Names of other projects' that no code here has.</summary>
    private static readonly string[] Foreign =
        ["BeitModel", "Dinov2ForImageClassification", "Mode", "OpenStandardInput", "VerifyFull", "ViTModel"];

    /// <summary>Names that pages make up: a design that was turned down, and an example of a name.</summary>
    private static readonly string[] MadeUp = ["KeyValues", "Scale5x7"];

    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".css", ".html", ".js", ".json", ".mjs", ".props", ".py", ".sh", ".targets", ".txt", ".yml"];

    private static readonly HashSet<string> Code = WordsOfCode();

    private static readonly IReadOnlyList<string> Pages = [.. RepositoryFiles.Guides, .. RepositoryFiles.DiagnosticPages];

    private static readonly ILookup<string, Type> Types = new[]
        {
            typeof(VitAttribute), typeof(Tuner), typeof(OnnxExport), typeof(ClusterSettings), typeof(TaskServing), typeof(VptCommand),
            typeof(DataflowGraph),
        }
        .SelectMany(type => type.Assembly.GetTypes()).ToLookup(type => type.Name.Split('`')[0]);

    [Fact]
    public void Names_occur_in_the_code_or_in_an_example()
    {
        HashSet<string> known =
        [
            .. Code, .. Foreign, .. MadeUp,
            .. Pages.SelectMany(MarkdownBlock.Of).SelectMany(block => Word().Matches(block.Text)).Select(match => match.Value),
        ];
        Assert.Empty(
            from page in Pages
            from span in MarkdownBlock.SpansOf(page)
            from Match word in Name().Matches(span)
            where !known.Contains(word.Value) && !Emitted().IsMatch(word.Value)
            select $"{page}: nothing is called {word.Value} (`{span}`)");
    }

    [Fact]
    public void Members_are_members_of_their_types()
    {
        (string Page, string Type, string Member)[] named =
        [
            .. from page in Pages
               from span in MarkdownBlock.SpansOf(page)
               from Match match in MemberOfType().Matches(span)
               where Types.Contains(match.Groups["type"].Value)
               select (page, match.Groups["type"].Value, match.Groups["member"].Value),
        ];
        Assert.True(named.Length > 200);
        Assert.Empty(
            named.Where(name => !Types[name.Type].Any(type => Has(type, name.Member)))
                .Select(name => $"{name.Page}: {name.Type} has no {name.Member}"));
    }

    /// <summary>Excerpts of the compiler's own code, and of what it emits, stand within what no test compiles them in.</summary>
    [Fact]
    public void Members_that_excerpts_use_exist() => Assert.Empty(
        from page in Pages
        from block in MarkdownBlock.Of(page)
        where block.Language is "csharp compiler" or "csharp emitted"
        from Match member in UsedMember().Matches(Comment().Replace(block.Text, ""))
        where !Code.Contains(member.Value) && !Emitted().IsMatch(member.Value)
        select $"{page}({block.Line}): nothing has a member {member.Value}");

    [Fact]
    public void Metrics_tags_and_formats_are_called_so()
    {
        string code = string.Join('\n', RepositoryFiles.Sources("src"));
        string[] named =
        [
            .. Pages.SelectMany(MarkdownBlock.SpansOf).SelectMany(span => Metric().Matches(span)).Select(match => match.Value).Distinct(),
        ];
        Assert.True(named.Length > 10);
        Assert.All(named, name => Assert.Contains($"\"{name}\"", code, StringComparison.Ordinal));
    }

    /// <summary>Every word of every text that is no page, and the names of all files.</summary>
    private static HashSet<string> WordsOfCode()
    {
        HashSet<string> words = [];
        foreach (string path in RepositoryFiles.PathsIn("*", "generators", "samples", "src", "tests"))
        {
            words.Add(Path.GetFileNameWithoutExtension(path));
            if (TextFiles.Contains(Path.GetExtension(path)))
                words.UnionWith(Word().Matches(RepositoryFiles.Read(path)).Select(match => match.Value));
        }

        return words;
    }

    private static bool Has(Type type, string member) => type.GetNestedType(member, Everything) is not null
        || Ancestors(type).Concat(type.GetInterfaces()).Any(ancestor => ancestor.GetMember(member, Everything).Length > 0);

    private static IEnumerable<Type> Ancestors(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }

    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();

    /// <summary>Words that begin with a capital and have small letters, neither within a path nor behind a hyphen.</summary>
    [GeneratedRegex(@"(?<![\w.-])(?!\w*__)[A-Z]\w*[a-z]\w*")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<=\w\.|_operations\.)[A-Z]\w*")]
    private static partial Regex UsedMember();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^vptdsl[.-][a-z.-]+$")]
    private static partial Regex Metric();

    /// <summary>Names that the compiler makes of sizes.</summary>
    [GeneratedRegex(@"^[A-Z][A-Za-z]+\d+(?:x\d+|To\d+|Heads)")]
    private static partial Regex Emitted();

    [GeneratedRegex(@"(?<![\w.])(?<type>[A-Z]\w+)\.(?<member>[A-Z]\w+)\b(?!\.cs)")]
    private static partial Regex MemberOfType();
}
