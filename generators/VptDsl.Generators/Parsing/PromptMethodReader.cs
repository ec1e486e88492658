using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Generators.Parsing;

/// <summary>Finds the prompt method of a class and reads it into plain values.</summary>
internal static class PromptMethodReader
{
    private const string Attribute = "VptDsl.PromptMethodAttribute";

    /// <summary>Whether a class has such a method itself, sound or not.</summary>
    public static bool Exists(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>().Any(IsMarked);

    /// <summary>The method, or null where the class has none.</summary>
    public static LocatedPromptMethod? Read(
        INamedTypeSymbol type, Compilation compilation, PlaceList places, CancellationToken cancellation)
    {
        IMethodSymbol[] methods = [.. type.GetMembers().OfType<IMethodSymbol>().Where(IsMarked)];
        if (methods.Length == 0)
            return null;
        IMethodSymbol method = methods[0];
        // An editor shows the source of other projects, too.
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax
            || !compilation.ContainsSyntaxTree(syntax.SyntaxTree))
        {
            return null;
        }

        Location at = syntax.Identifier.GetLocation();
        int name = places.Add(at);
        if (methods.Length > 1)
        {
            int second = places.Add(methods[1].Locations[0]);
            return Unsound(Problems.NotAPromptMethod(second, methods[1].Name, $"is a second prompt method beside '{method.Name}'"));
        }

        if (Complaint(method, syntax) is { } complaint)
            return Unsound(Problems.NotAPromptMethod(name, method.Name, complaint));
        SemanticModel model = compilation.GetSemanticModel(syntax.SyntaxTree);
        Problem[] tooEarly =
        [
            .. GeneratedConstants.FindAll(syntax, model, cancellation)
                .Select(found => Problems.NotYetGenerated(SpecPart.Prompts, found.Constant) with { Place = places.Add(found.At) }),
        ];
        if (tooEarly.Length > 0)
            return Unsound(tooEarly);
        if (model.GetDiagnostics(syntax.Span, cancellation).Any(d => d.Severity == DiagnosticSeverity.Error)
            || model.GetOperation(syntax, cancellation) is not IMethodBodyOperation body)
        {
            return new(new(method.Name, name, null, EquatableArray<Problem>.Empty), SourceSpan.Of(at));
        }

        var reader = new PromptStatementReader(places, method.OriginalDefinition.Parameters[0]);
        EquatableArray<PromptStatement> statements = reader.Read((body.BlockBody ?? body.ExpressionBody)!);
        return reader.Problems.Count > 0
            ? Unsound([.. reader.Problems])
            : new(new(method.Name, name, new(method.Name, statements), EquatableArray<Problem>.Empty), SourceSpan.Of(at));

        LocatedPromptMethod Unsound(params Problem[] problems) =>
            new(new(method.Name, name, null, EquatableArray.Of(problems)), SourceSpan.Of(at));
    }

    private static bool IsMarked(IMethodSymbol method) => method.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == Attribute);

    private static string? Complaint(IMethodSymbol method, MethodDeclarationSyntax syntax) => method switch
    {
        { IsStatic: false } => "is not static",
        { IsGenericMethod: true } => "has type parameters",
        { IsAsync: true } => "is async",
        { ReturnsVoid: false } => "returns something",
        { Parameters.Length: not 1 } => $"has {method.Parameters.Length} parameters",
        _ when method.Parameters[0].RefKind != RefKind.None || !PromptExpressionReader.IsLayer(method.Parameters[0].Type) =>
            "takes something else",
        _ when syntax.Body is null && syntax.ExpressionBody is null => "has no body",
        _ => null,
    };
}

/// <summary>A prompt method and where its name stands.</summary>
internal sealed record LocatedPromptMethod(DeclaredPromptMethod Method, SourceSpan NameSpan);
