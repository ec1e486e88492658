using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;

namespace VptDsl.Generators.Diagnostics;

/// <summary>
/// Tells editors what to do about a declaration: editors offer fixes for what an analyzer reports, and none for what a generator does.
/// </summary>
/// <remarks>
/// Its diagnostics are hidden, as the generator's error already stands in the same place, and a build without an editor does not ask for
/// hidden ones. docs/decisions/code-fixes.md has the reasons.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RemedyAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The names of the properties that a diagnostic has for the fix.</summary>
    internal const string Kind = nameof(Remedy.Kind), Argument = nameof(Remedy.Argument), Text = nameof(Remedy.Text);

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> HiddenById =
        Descriptors.All.Values.ToImmutableDictionary(d => d.Id, Hide);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. HiddenById.Values];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        if (DeclarationReader.Read((INamedTypeSymbol)context.Symbol, context.Compilation, context.CancellationToken) is not { } declaration)
            return;
        foreach (LocatedProblem problem in LocatedProblem.AllOf(declaration))
        {
            if (problem.Problem.Remedy is { } remedy)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    HiddenById[problem.Problem.Id],
                    problem.Span.ToLocation(context.Compilation),
                    ImmutableDictionary<string, string?>.Empty
                        .Add(Kind, remedy.Kind.ToString()).Add(Argument, remedy.Argument).Add(Text, remedy.Text),
                    [.. problem.Problem.Arguments]));
            }
        }
    }

    private static DiagnosticDescriptor Hide(DiagnosticDescriptor shown) => new(
        shown.Id, shown.Title, shown.MessageFormat, shown.Category, DiagnosticSeverity.Hidden, shown.IsEnabledByDefault,
        helpLinkUri: shown.HelpLinkUri);
}
