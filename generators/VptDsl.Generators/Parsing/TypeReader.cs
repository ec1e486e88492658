using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>Reads what decides whether a class can be completed by the generator.</summary>
internal static class TypeReader
{
    private static readonly string[] DocumentationTags = ["<summary", "<inheritdoc", "<include"];

    public static (DeclaredType Type, IEnumerable<PartLocation> Locations) Read(
        Lineage lineage, SyntaxNode target, CancellationToken cancellation)
    {
        (INamedTypeSymbol type, string generatedBase) = (lineage.Own.Type, lineage.GeneratedBase);
        TypeDeclarationSyntax[] parts =
        [
            .. type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>(),
        ];
        var annotated = (TypeDeclarationSyntax)target;
        TypeDeclarationSyntax? unpartial = Array.Find(parts, p => !p.Modifiers.Any(SyntaxKind.PartialKeyword));
        (TypeObstacle obstacle, Location? at) = FindObstacle(lineage, generatedBase, parts);

        var declared = new DeclaredType(
            new TypeIdentity(NamespaceOf(type), Escape(type.Name), SyntaxFacts.GetText(type.DeclaredAccessibility))
            {
                HasSummary = parts.Any(HasSummary),
                HasCaseTwin = CaseTwins.Exist(type),
                HasBase = lineage.HasBase,
            },
            IsPartial: unpartial is null,
            type.ContainingType?.ToDisplayString(),
            IsGeneric: type.TypeParameters.Length > 0,
            obstacle,
            obstacle is TypeObstacle.BaseClass or TypeObstacle.ClosedBaseClass ? type.BaseType!.ToDisplayString() : null)
        {
            GeneratedBase = generatedBase,
            Root = lineage.Root,
            OldLanguage = ReadOldLanguage((CSharpParseOptions)target.SyntaxTree.Options),
        };
        return (declared, Locate(unpartial ?? annotated, annotated, at));
    }

    private static OldLanguage? ReadOldLanguage(CSharpParseOptions options) =>
        options.LanguageVersion >= LanguageVersion.CSharp12
            ? null
            : new(options.LanguageVersion.ToDisplayString(), HasFileScopedNamespaces: options.LanguageVersion >= LanguageVersion.CSharp10);

    private static IEnumerable<PartLocation> Locate(TypeDeclarationSyntax named, TypeDeclarationSyntax annotated, Location? obstacle)
    {
        yield return new PartLocation(SpecPart.Type, SourceSpan.Of(named.Identifier.GetLocation()));
        if (annotated.TypeParameterList is { } typeParameters)
            yield return new PartLocation(SpecPart.TypeParameters, SourceSpan.Of(typeParameters.GetLocation()));
        if (obstacle is not null)
            yield return new PartLocation(SpecPart.TypeObstacle, SourceSpan.Of(obstacle));
    }

    private static (TypeObstacle Obstacle, Location? At) FindObstacle(
        Lineage lineage, string generatedBase, TypeDeclarationSyntax[] parts)
    {
        INamedTypeSymbol type = lineage.Own.Type;
        if (type.IsRecord)
            return (TypeObstacle.Record, parts.OfType<RecordDeclarationSyntax>().First().Keyword.GetLocation());
        if (type.IsStatic)
            return (TypeObstacle.Static, Modifier(parts, SyntaxKind.StaticKeyword));
        if (type.IsFileLocal)
            return (TypeObstacle.FileLocal, Modifier(parts, SyntaxKind.FileKeyword));
        // Of a name that stands for nothing yet, an interface's perhaps, C# itself says so.
        if (!lineage.HasBase && type.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } baseType
            && baseType.ToDisplayString() != generatedBase)
        {
            return (
                lineage.IsBaseClosed ? TypeObstacle.ClosedBaseClass : TypeObstacle.BaseClass,
                BaseTypeSyntax(parts, baseType.Name)?.GetLocation());
        }

        if (parts.Select(p => p.ParameterList).FirstOrDefault(p => p is not null) is { } parameters)
            return (TypeObstacle.PrimaryConstructor, parameters.GetLocation());
        return lineage.IsShared && Lineage.ProgramConstructor(type) is { DeclaredAccessibility: Accessibility.Private } hidden
            ? (TypeObstacle.HiddenConstructor, hidden.Locations[0])
            : (TypeObstacle.None, null);
    }

    /// <summary>
    /// A base class is the first entry of a base list; other parts of the class may have lists that start with an interface.
    /// </summary>
    private static BaseTypeSyntax? BaseTypeSyntax(TypeDeclarationSyntax[] parts, string name)
    {
        BaseTypeSyntax[] firsts = [.. parts.Select(p => p.BaseList?.Types[0]).OfType<BaseTypeSyntax>()];
        return firsts.FirstOrDefault(t =>
            t.Type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(n => n.Identifier.ValueText == name))
            ?? firsts.FirstOrDefault();
    }

    private static Location? Modifier(TypeDeclarationSyntax[] parts, SyntaxKind kind) =>
        parts.SelectMany(p => p.Modifiers).Where(m => m.IsKind(kind)).Select(m => m.GetLocation()).FirstOrDefault();

    private static string NamespaceOf(INamedTypeSymbol type) => string.Join(".", NamespacePath.Of(type).Select(Escape));

    /// <summary>
    /// C# keeps names in small letters for keywords of its own, those to come included; with the sign, such a name is never one.
    /// </summary>
    private static string Escape(string name) => name.All(c => c is >= 'a' and <= 'z' or '_') ? "@" + name : name;

    /// <summary>
    /// Whether a part of the class says what it is. Without a documentation file, C# takes such comments for ordinary ones.
    /// </summary>
    private static bool HasSummary(TypeDeclarationSyntax part) =>
        part.GetLeadingTrivia().ToFullString() is var comments && DocumentationTags.Any(tag => comments.Contains(tag));
}
