using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>Reads what decides whether a class can be completed by the generator.</summary>
internal static class TypeReader
{
    private const string BaseClass = "VptDsl.Tuner";

    public static (DeclaredType Type, IEnumerable<PartLocation> Locations) Read(
        INamedTypeSymbol type, SyntaxNode target, CancellationToken cancellation)
    {
        TypeDeclarationSyntax[] parts =
        [
            .. type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>(),
        ];
        var annotated = (TypeDeclarationSyntax)target;
        TypeDeclarationSyntax? unpartial = Array.Find(parts, p => !p.Modifiers.Any(SyntaxKind.PartialKeyword));
        (TypeObstacle obstacle, Location? at) = FindObstacle(type, parts);

        var declared = new DeclaredType(
            new TypeIdentity(NamespaceOf(type), Escape(type.Name), SyntaxFacts.GetText(type.DeclaredAccessibility)),
            IsPartial: unpartial is null,
            type.ContainingType?.ToDisplayString(),
            IsGeneric: type.TypeParameters.Length > 0,
            obstacle,
            obstacle == TypeObstacle.BaseClass ? type.BaseType!.ToDisplayString() : null);
        return (declared, Locate(unpartial ?? annotated, annotated, at));
    }

    private static IEnumerable<PartLocation> Locate(TypeDeclarationSyntax named, TypeDeclarationSyntax annotated, Location? obstacle)
    {
        yield return new PartLocation(SpecPart.Type, SourceSpan.Of(named.Identifier.GetLocation()));
        if (annotated.TypeParameterList is { } typeParameters)
            yield return new PartLocation(SpecPart.TypeParameters, SourceSpan.Of(typeParameters.GetLocation()));
        if (obstacle is not null)
            yield return new PartLocation(SpecPart.TypeObstacle, SourceSpan.Of(obstacle));
    }

    private static (TypeObstacle Obstacle, Location? At) FindObstacle(INamedTypeSymbol type, TypeDeclarationSyntax[] parts)
    {
        if (type.IsRecord)
            return (TypeObstacle.Record, parts.OfType<RecordDeclarationSyntax>().First().Keyword.GetLocation());
        if (type.IsStatic)
            return (TypeObstacle.Static, Modifier(parts, SyntaxKind.StaticKeyword));
        if (type.IsAbstract)
            return (TypeObstacle.Abstract, Modifier(parts, SyntaxKind.AbstractKeyword));
        if (type.IsFileLocal)
            return (TypeObstacle.FileLocal, Modifier(parts, SyntaxKind.FileKeyword));
        if (type.BaseType is { SpecialType: not SpecialType.System_Object } baseType && baseType.ToDisplayString() != BaseClass)
            return (TypeObstacle.BaseClass, BaseTypeSyntax(parts, baseType.Name)?.GetLocation());
        return parts.Select(p => p.ParameterList).FirstOrDefault(p => p is not null) is { } parameters
            ? (TypeObstacle.PrimaryConstructor, parameters.GetLocation())
            : (TypeObstacle.None, null);
    }

    /// <summary>A base class is the first entry of a base list; other parts of the class may have lists that start with an interface.</summary>
    private static BaseTypeSyntax? BaseTypeSyntax(TypeDeclarationSyntax[] parts, string name)
    {
        BaseTypeSyntax[] firsts = [.. parts.Select(p => p.BaseList?.Types[0]).OfType<BaseTypeSyntax>()];
        return firsts.FirstOrDefault(t => t.Type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(n => n.Identifier.ValueText == name))
            ?? firsts.FirstOrDefault();
    }

    private static Location? Modifier(TypeDeclarationSyntax[] parts, SyntaxKind kind) =>
        parts.SelectMany(p => p.Modifiers).Where(m => m.IsKind(kind)).Select(m => m.GetLocation()).FirstOrDefault();

    private static string NamespaceOf(INamedTypeSymbol type)
    {
        var names = new Stack<string>();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
            names.Push(Escape(space.Name));
        return string.Join(".", names);
    }

    private static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
