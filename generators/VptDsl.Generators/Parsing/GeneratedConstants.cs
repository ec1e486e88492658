using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>
/// Finds where constants of this generator are used: C# knows them once it has run, so that nobody else would say what is wrong.
/// </summary>
internal static class GeneratedConstants
{
    /// <summary>The arguments of an attribute that use such constants, and which.</summary>
    public static EquatableArray<GeneratedArgument> FindIn(
        IEnumerable<(string Name, ExpressionSyntax Expression)> arguments, Compilation compilation, CancellationToken cancellation) =>
        arguments
            .Select(a => (a.Name, Constant: Find(a.Expression, compilation, [], cancellation)))
            .Where(a => a.Constant is not null)
            .Select(a => new GeneratedArgument(a.Name, a.Constant!))
            .ToEquatableArray();

    /// <summary>Where the text of a method uses such constants, and which.</summary>
    public static IEnumerable<(Location At, string Constant)> FindAll(
        MethodDeclarationSyntax method, SemanticModel model, CancellationToken cancellation)
    {
        foreach (SimpleNameSyntax name in method.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (Find(name, model, [], cancellation) is { } constant)
                yield return (Whole(name).GetLocation(), constant);
        }
    }

    private static string? Find(ExpressionSyntax expression, Compilation compilation, HashSet<ISymbol> seen, CancellationToken cancellation)
    {
        // An editor shows the source of other projects, too: their constants are theirs.
        if (!compilation.ContainsSyntaxTree(expression.SyntaxTree))
            return null;
        SemanticModel model = compilation.GetSemanticModel(expression.SyntaxTree);
        return expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
            .Select(name => Find(name, model, seen, cancellation))
            .FirstOrDefault(constant => constant is not null);
    }

    private static string? Find(SimpleNameSyntax name, SemanticModel model, HashSet<ISymbol> seen, CancellationToken cancellation) =>
        model.GetSymbolInfo(name, cancellation).Symbol switch
        {
            null when SurfaceMember.Find(name.Identifier.ValueText) is { Parameters: null } && Owner(name, model, cancellation) =>
                Whole(name).ToString(),

            // A constant of the user's own may be made of a generated one.
            IFieldSymbol { IsConst: true, HasConstantValue: false } own when seen.Add(own)
                && own.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation)
                    is VariableDeclaratorSyntax { Initializer.Value: { } value } => Find(value, model.Compilation, seen, cancellation),
            _ => null,
        };

    /// <summary>The name with the class that it is said to be of.</summary>
    private static ExpressionSyntax Whole(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    /// <summary>Whether the class that a name is looked up in is one that the generator completes.</summary>
    private static bool Owner(SimpleNameSyntax name, SemanticModel model, CancellationToken cancellation) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
            ? model.GetSymbolInfo(access.Expression, cancellation).Symbol is INamedTypeSymbol type && IsCompleted(type)
            : IsCompleted(model.GetEnclosingSymbol(name.SpanStart, cancellation)?.ContainingType)
                || StaticDirectives(model.Compilation, cancellation).Any(IsCompleted);

    private static IEnumerable<INamedTypeSymbol?> StaticDirectives(Compilation compilation, CancellationToken cancellation) =>
        compilation.SyntaxTrees
            .SelectMany(tree =>
                tree.GetRoot(cancellation).DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax))
            .OfType<UsingDirectiveSyntax>()
            .Where(u => u.StaticKeyword.IsKind(SyntaxKind.StaticKeyword) && u.Name is not null)
            .Select(u => compilation.GetSemanticModel(u.SyntaxTree).GetSymbolInfo(u.Name!, cancellation).Symbol as INamedTypeSymbol);

    private static bool IsCompleted(INamedTypeSymbol? type) =>
        type is { IsAbstract: false } && (KnownAttribute.StandsOn(type) || Lineage.IsHeir(type));
}
