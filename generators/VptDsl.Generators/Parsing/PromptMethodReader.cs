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

    /// <summary>The method, or null where the class has none.</summary>
    public static LocatedPromptMethod? Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        IMethodSymbol[] methods = [.. type.GetMembers().OfType<IMethodSymbol>().Where(IsMarked)];
        if (methods.Length == 0)
            return null;
        IMethodSymbol method = methods[0];
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax)
            return null;

        var places = new PlaceList();
        int name = places.Add(syntax.Identifier.GetLocation());
        if (methods.Length > 1)
        {
            int second = places.Add(methods[1].Locations[0]);
            return Unsound(Problems.NotAPromptMethod(second, methods[1].Name, $"is a second prompt method beside '{method.Name}'"));
        }

        if (Complaint(method, syntax) is { } complaint)
            return Unsound(Problems.NotAPromptMethod(name, method.Name, complaint));
        SemanticModel model = compilation.GetSemanticModel(syntax.SyntaxTree);
        if (model.GetDiagnostics(syntax.Span, cancellation).Any(d => d.Severity == DiagnosticSeverity.Error)
            || model.GetOperation(syntax, cancellation) is not IMethodBodyOperation body)
        {
            return new(new(method.Name, name, null, EquatableArray<Problem>.Empty), IsBroken: true, places.ToArray());
        }

        var reader = new PromptStatementReader(places, method.Parameters[0]);
        EquatableArray<PromptStatement> statements = reader.Read((body.BlockBody ?? body.ExpressionBody)!);
        return reader.Problems.Count > 0
            ? Unsound([.. reader.Problems])
            : new(new(method.Name, name, new(method.Name, statements), EquatableArray<Problem>.Empty), IsBroken: false, places.ToArray());

        LocatedPromptMethod Unsound(params Problem[] problems) =>
            new(new(method.Name, name, null, EquatableArray.Of(problems)), IsBroken: false, places.ToArray());
    }

    private static bool IsMarked(IMethodSymbol method) => method.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == Attribute);

    private static string? Complaint(IMethodSymbol method, MethodDeclarationSyntax syntax) => method switch
    {
        { IsStatic: false } => "is not static",
        { IsGenericMethod: true } => "has type parameters",
        { IsAsync: true } => "is async",
        { ReturnsVoid: false } => "returns something",
        { Parameters.Length: not 1 } => $"has {method.Parameters.Length} parameters",
        _ when method.Parameters[0].RefKind != RefKind.None || !PromptExpressionReader.IsLayer(method.Parameters[0].Type) => "takes something else",
        _ when syntax.Body is null && syntax.ExpressionBody is null => "has no body",
        _ => null,
    };
}

/// <summary>A prompt method and where its parts stand.</summary>
/// <param name="Method">The method.</param>
/// <param name="IsBroken">Whether C# itself rejects it; it has told the user, and nothing more can be said.</param>
/// <param name="Places">Where its parts stand, the name first.</param>
internal sealed record LocatedPromptMethod(DeclaredPromptMethod Method, bool IsBroken, EquatableArray<SourceSpan> Places);

/// <summary>Numbers places in the source, so that what is read of them stays the same when code moves.</summary>
internal sealed class PlaceList
{
    private readonly List<SourceSpan> _places = [];

    public int Add(Location location)
    {
        _places.Add(SourceSpan.Of(location));
        return _places.Count - 1;
    }

    public EquatableArray<SourceSpan> ToArray() => _places.ToEquatableArray();
}
