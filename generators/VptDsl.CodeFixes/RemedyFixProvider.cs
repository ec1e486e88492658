using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Diagnostics;

namespace VptDsl.CodeFixes;

/// <summary>Offers in an editor what the compiler says is to be done about a declaration.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemedyFixProvider))]
[Shared]
public sealed class RemedyFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. Descriptors.All.Keys];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
            return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (Read(diagnostic.Properties) is { } remedy && RemedyEdit.Find(root, diagnostic.Location.SourceSpan, remedy) is { } edit)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(edit.Title, cancellation => ApplyAsync(context.Document, edit.Change, cancellation), edit.Title),
                    diagnostic);
            }
        }
    }

    private static async Task<Document> ApplyAsync(Document document, TextChange change, CancellationToken cancellation) =>
        document.WithText((await document.GetTextAsync(cancellation).ConfigureAwait(false)).WithChanges(change));

    /// <summary>What the analyzer wrote; null for the generator's own diagnostics, which say nothing of a remedy.</summary>
    private static Remedy? Read(ImmutableDictionary<string, string?> properties) =>
        properties.TryGetValue(RemedyAnalyzer.Kind, out string? kind) && Enum.TryParse(kind, out RemedyKind read)
            ? new(read, properties[RemedyAnalyzer.Argument] ?? "", properties[RemedyAnalyzer.Text] ?? "")
            : null;
}
