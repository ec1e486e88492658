using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>
/// Protects readers who copy: every C# block of README and docs compiles, or says behind its fence what sort of excerpt it is.
/// </summary>
/// <remarks>
/// <c>csharp</c> is code of a user's: a declaration, or statements of a program. <c>csharp emitted</c> quotes what the generator writes,
/// <c>csharp compiler</c> the compiler's own code, and <c>csharp web</c> is an application of ASP.NET Core, Orleans or ONNX Runtime,
/// which these tests do not reference: <c>ApplicationExampleTests</c> of VptDsl.Tests compile it.
/// </remarks>
public sealed partial class ExampleTests
{
    /// <summary>What statements of a page may use without declaring it.</summary>
    private const string Surroundings = """

        [Vit(VitSize.Tiny), DeepPrompt(Tokens = 5), LinearHead(Classes = 5)] public sealed partial class FlowerTuner;
        [Vit(VitSize.Tiny), LinearHead(Classes = 5)] public sealed partial class TextureTuner;
        [Vit(VitSize.Tiny), SegmentationHead(Classes = 5)] public sealed partial class SceneTuner;

        internal abstract class Surroundings
        {
            protected static readonly global::VptDsl.Device device = null!;
            protected static readonly FlowerTuner tuner = null!, server = null!;
            protected static readonly global::VptDsl.Data.PixelImages train = null!, validation = null!, test = null!;
            protected static readonly string[] classNames = [];
            protected static readonly global::System.Threading.CancellationToken cancellation;
        }
        """;

    private const string Emitted = "csharp emitted", Compiler = "csharp compiler", Web = "csharp web";

    public static TheoryData<string, int> Compiled => Blocks(block => block.Language == "csharp");

    public static TheoryData<string, int> Quoted => Blocks(block => block.Language is Emitted or Compiler or Web);

    [Theory]
    [MemberData(nameof(Compiled))]
    public void Code_for_users_compiles(string page, int line)
    {
        // A program of one file names its packages in lines of their own.
        string text = FileDirective().Replace(Find(page, line).Text, "");
        SyntaxList<MemberDeclarationSyntax> members = Parse(text).Members;
        bool declares = members.Any(member => member is BaseTypeDeclarationSyntax);
        string file = declares ? AsFile(text) : AsStatements(text, page);
        bool usesOnnx = text.Contains("using VptDsl.Onnx;", StringComparison.Ordinal);
        bool usesParquet = text.Contains("using VptDsl.Parquet;", StringComparison.Ordinal);
        GeneratorRun run = usesOnnx ? GeneratorHarness.RunWithOnnx(file)
            : usesParquet ? GeneratorHarness.RunWithParquet(file)
            : declares && members.Any(member => member is GlobalStatementSyntax) ? GeneratorHarness.RunProgram(file)
            : GeneratorHarness.Run(file);

        Assert.Empty(run.Diagnostics.Select(d => d.ToString()).Concat(run.CompileErrors.Select(e => e.ToString())));
    }

    [Theory]
    [MemberData(nameof(Quoted))]
    public void Excerpts_are_code(string page, int line)
    {
        string text = Find(page, line).Text.Replace("…", "", StringComparison.Ordinal);
        string[] readings =
        [
            text, $"class C {{ {text} }}", $"class C {{ void M() {{ {text} }} }}",
            $"class C {{ object M(object o) => o switch {{ {text} }}; }}",
            $"class C {{ object M() => new[] {{ {text} }}; }}",
        ];

        Assert.Contains(readings, reading => !Parse(reading).ContainsDiagnostics);
    }

    [Fact]
    public void No_block_stands_aside()
    {
        string[] known = ["", "csharp", Emitted, Compiler, Web, "xml", "json", "yaml", "message", "files"];
        Assert.Empty(RepositoryFiles.Pages.SelectMany(MarkdownBlock.Of)
            .Where(block => !known.Contains(block.Language))
            .Select(block => $"{block.Page}({block.Line}): a block of '{block.Language}' is checked by no test"));
    }

    private static string AsFile(string text) =>
        (text.Contains("using VptDsl;", StringComparison.Ordinal) ? "" : "using VptDsl;\n") + text;

    /// <summary>Usings before everything, the rest in a method: after what was declared around it.</summary>
    private static string AsStatements(string text, string page)
    {
        string surroundings = page.EndsWith("segmentation.md", StringComparison.Ordinal)
            ? Surroundings.Replace("readonly FlowerTuner tuner", "readonly SceneTuner tuner", StringComparison.Ordinal)
                .Replace("PixelImages", "SegmentationImages", StringComparison.Ordinal)
                .Replace(", server = null!", "", StringComparison.Ordinal)
            : Surroundings;
        IEnumerable<string> usings = Using().Matches(text).Select(match => match.Value.Trim())
            .Union(["using VptDsl;", "using VptDsl.Data;", "using VptDsl.Prompts;", "using VptDsl.Training;"]);
        string body = Using().Replace(text, "");
        bool isPrompt = body.Contains("layer.", StringComparison.Ordinal);
        string method = isPrompt
            ? "[Vit(VitSize.Tiny), LinearHead(Classes = 9)] public sealed partial class Prompted "
                + $"{{ [PromptMethod] internal static void Prompt(PromptedLayer layer) {{ {body} }} }}"
            : $"internal sealed class Example : Surroundings {{ private static async Task Run() {{ {body}\nawait Task.CompletedTask; }} }}";
        return $"{string.Join('\n', usings)}\n{surroundings}\n{method}";
    }

    private static CompilationUnitSyntax Parse(string text) =>
        SyntaxFactory.ParseCompilationUnit(text, options: GeneratorHarness.ParseOptions);

    private static MarkdownBlock Find(string page, int line) => MarkdownBlock.Of(page).Single(block => block.Line == line);

    private static TheoryData<string, int> Blocks(Func<MarkdownBlock, bool> isWanted)
    {
        var data = new TheoryData<string, int>();
        foreach (MarkdownBlock block in RepositoryFiles.Pages.SelectMany(MarkdownBlock.Of).Where(isWanted))
            data.Add(block.Page, block.Line);
        return data;
    }

    [GeneratedRegex(@"^#:.*\n", RegexOptions.Multiline)]
    private static partial Regex FileDirective();

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex Using();
}
