using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using VptDsl.CodeFixes;
using VptDsl.Generators.Diagnostics;

namespace VptDsl.Generators.Tests.Harness;

/// <summary>What an editor offers to do about a diagnostic, and the source that comes of it.</summary>
/// <param name="Diagnostic">The hidden diagnostic that it is offered for.</param>
/// <param name="Title">The words of the offer.</param>
/// <param name="Source">The source afterwards.</param>
internal sealed record OfferedFix(Diagnostic Diagnostic, string Title, string Source)
{
    /// <summary>All that is offered for a file beside which the generator has run.</summary>
    public static IReadOnlyList<OfferedFix> All(string source) => AllAsync(source).GetAwaiter().GetResult();

    /// <summary>
    /// Fails unless each offer is for something that the generator reports in the same place, and once taken, C# can read the source and
    /// the generator does not report that there any more.
    /// </summary>
    public static void AssertEachHelps(string source, GeneratorRun run)
    {
        Assert.All(All(source), offer =>
        {
            Assert.Contains(run.Diagnostics, reported => IsSame(reported, offer.Diagnostic));
            Assert.Empty(CSharpSyntaxTree.ParseText(offer.Source, GeneratorHarness.ParseOptions).GetDiagnostics());
            Assert.DoesNotContain(
                GeneratorHarness.Run(offer.Source).Diagnostics,
                left => left.Id == offer.Diagnostic.Id && left.GetMessage(null) == offer.Diagnostic.GetMessage(null));
        });
    }

    private static bool IsSame(Diagnostic reported, Diagnostic offered) =>
        reported.Id == offered.Id && reported.Location.SourceSpan == offered.Location.SourceSpan
        && reported.GetMessage(null).StartsWith(offered.GetMessage(null), StringComparison.Ordinal);

    private static async Task<IReadOnlyList<OfferedFix>> AllAsync(string source)
    {
        using var workspace = new AdhocWorkspace();
        Compilation compilation = GeneratorHarness.Compile(("Model.cs", source));
        Project project = workspace.AddProject("Models", LanguageNames.CSharp);
        Document document = project.AddDocument("Model.cs", SourceText.From(source));
        GeneratorHarness.CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation whole, out _);
        ImmutableArray<Diagnostic> hidden = await whole
            .WithAnalyzers([new RemedyAnalyzer()], new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]), (exception, _, _) => Assert.Fail(exception.ToString()), concurrentAnalysis: false, false))
            .GetAnalyzerDiagnosticsAsync();

        List<OfferedFix> offers = [];
        foreach (Diagnostic diagnostic in hidden)
        {
            Assert.Equal(DiagnosticSeverity.Hidden, diagnostic.Severity);
            List<CodeAction> actions = [];
            await new RemedyFixProvider().RegisterCodeFixesAsync(
                new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
            CodeAction offered = Assert.Single(actions);
            ApplyChangesOperation change = (await offered.GetOperationsAsync(CancellationToken.None))
                .OfType<ApplyChangesOperation>().Single();
            SourceText text = await change.ChangedSolution.GetDocument(document.Id)!.GetTextAsync();
            offers.Add(new(diagnostic, offered.Title, text.ToString()));
        }

        return offers;
    }
}
