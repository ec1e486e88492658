using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>Reads an annotated class into plain values.</summary>
internal static class DeclarationReader
{
    /// <summary>Classes, and records to say that they should be classes; on anything else C# itself rejects the attributes.</summary>
    public static bool IsClass(SyntaxNode node, CancellationToken cancellation) =>
        node is ClassDeclarationSyntax || node.IsKind(SyntaxKind.RecordDeclaration);

    /// <summary>
    /// Classes that may be without an attribute of their own and inherit all of them. Roslyn asks again at each edit about every one of
    /// them: classes that are neither partial nor empty are no models, whatever they derive from.
    /// </summary>
    public static bool MayInherit(SyntaxNode node, CancellationToken cancellation) =>
        node is ClassDeclarationSyntax { BaseList: not null } type
        && (type is { Members.Count: 0, ParameterList: null }
            || type.Modifiers.Any(SyntaxKind.PartialKeyword) || type.Modifiers.Any(SyntaxKind.AbstractKeyword));

    /// <summary>The declaration, or null where another attribute of the same class brings it.</summary>
    public static LocatedDeclaration? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        context.TargetSymbol is INamedTypeSymbol type && IsBroughtBy(type, context)
            ? Read(type, context.TargetNode, context.SemanticModel.Compilation, cancellation)
            : null;

    /// <summary>The declaration of a class without attributes of its own; null where it inherits none, or another part brings it.</summary>
    public static LocatedDeclaration? ReadHeir(GeneratorSyntaxContext context, CancellationToken cancellation) =>
        context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is INamedTypeSymbol type
        && Lineage.IsHeir(type) && !KnownAttribute.StandsOn(type)
        && type.DeclaringSyntaxReferences.First(r => MayInherit(r.GetSyntax(cancellation), cancellation)) is var first
        && first.SyntaxTree == context.Node.SyntaxTree && first.Span == context.Node.Span
            ? Read(type, context.Node, context.SemanticModel.Compilation, cancellation)
            : null;

    /// <summary>The declaration of a class, whichever of its parts brings it; null where it has nothing of this library.</summary>
    public static LocatedDeclaration? Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        AttributeData? first = type.GetAttributes().FirstOrDefault(a => KnownAttribute.Find(a) is not null);
        SyntaxNode? target = first?.ApplicationSyntaxReference is { } attribute
            ? attribute.GetSyntax(cancellation).FirstAncestorOrSelf<TypeDeclarationSyntax>()
            : Lineage.IsHeir(type) ? type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancellation)).FirstOrDefault(IsClass)
            : null;
        return target is not null && IsClass(target) ? Read(type, target, compilation, cancellation) : null;

        bool IsClass(SyntaxNode node) => DeclarationReader.IsClass(node, cancellation);
    }

    private static LocatedDeclaration Read(
        INamedTypeSymbol type, SyntaxNode target, Compilation compilation, CancellationToken cancellation)
    {
        Lineage lineage = Lineage.Of(type, compilation, cancellation);
        return lineage.IsShared ? ReadShared(lineage, target, cancellation) : ReadModel(lineage, target, compilation, cancellation);
    }

    private static LocatedDeclaration ReadModel(
        Lineage lineage, SyntaxNode target, Compilation compilation, CancellationToken cancellation)
    {
        INamedTypeSymbol type = lineage.Own.Type;
        ReadAttribute[] attributes = [.. lineage.Attributes];
        (DeclaredType declaredType, IEnumerable<PartLocation> typeLocations) = TypeReader.Read(lineage, target, cancellation);
        var places = new PlaceList();
        INamedTypeSymbol? prompter = lineage.PromptMethodOwner;
        LocatedPromptMethod? method = prompter is null ? null : PromptMethodReader.Read(prompter, compilation, places, cancellation);
        EquatableArray<DeclaredMember> members = MemberReader.Read(type, places, cancellation);
        return new LocatedDeclaration(
            new Declaration(declaredType, attributes.Select(a => a.Attribute).ToEquatableArray())
            {
                Members = members,
                PromptMethod = method?.Method,
                HasUnsoundBase = HasUnsoundBase(lineage, cancellation),
            },
            typeLocations.Concat(Locate(attributes)).Concat(Locate(method)).ToEquatableArray())
        {
            Places = places.ToArray(),
            Inherited = Inherit(type, attributes, prompter).ToEquatableArray(),
        };
    }

    /// <summary>An abstract class: what it lacks, and what it says itself. Whether that makes sense is asked of each model.</summary>
    private static LocatedDeclaration ReadShared(Lineage lineage, SyntaxNode target, CancellationToken cancellation)
    {
        INamedTypeSymbol type = lineage.Own.Type;
        (DeclaredType declaredType, IEnumerable<PartLocation> typeLocations) = TypeReader.Read(lineage, target, cancellation);
        return new LocatedDeclaration(
            new Declaration(declaredType, lineage.Own.Attributes.Select(a => a.Attribute).ToEquatableArray())
            {
                Shared = new SharedPart(
                    LacksBase: type.BaseType is { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Error },
                    LacksConstructor: lineage.ConstructorAccess == Accessibility.Private,
                    HasPromptMethod: lineage.PromptMethodOwner is not null),
                HasUnsoundBase = HasUnsoundBase(lineage, cancellation),
            },
            typeLocations.Concat(Locate(lineage.Own.Attributes)).ToEquatableArray());
    }

    /// <summary>Whether something is wrong with an abstract class above, be it with that class or further up.</summary>
    private static bool HasUnsoundBase(Lineage lineage, CancellationToken cancellation)
    {
        if (lineage.Above is not { Own.IsHere: true, IsDeclared: true } above)
            return false;
        SyntaxNode target = above.Own.Type.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        Declaration declaration = ReadShared(above, target, cancellation).Declaration;
        return declaration.HasUnsoundBase || SpecResolver.Resolve(declaration).Problems.Count > 0;
    }

    /// <summary>A class is seen once for each of its attributes and each of its parts; the first attribute stands for all.</summary>
    private static bool IsBroughtBy(INamedTypeSymbol type, GeneratorAttributeSyntaxContext context) =>
        type.GetAttributes().FirstOrDefault(a => KnownAttribute.Find(a) is not null)?.ApplicationSyntaxReference is { } first
        && first.SyntaxTree == context.TargetNode.SyntaxTree
        && context.TargetNode.Span.Contains(first.Span)
        && context.Attributes.Any(a => a.ApplicationSyntaxReference?.Span == first.Span);

    private static IEnumerable<InheritedPart> Inherit(
        INamedTypeSymbol type, IEnumerable<ReadAttribute> attributes, INamedTypeSymbol? prompter) =>
        attributes.Select(a => (a.Attribute.Role, Name: a.Attribute.Kind.ToString(), a.Owner))
            .Concat(prompter is null ? [] : [(AttributeRole.Prompts, "PromptMethod", prompter)])
            .Where(part => !SymbolEqualityComparer.Default.Equals(part.Owner, type))
            .Select(part => new InheritedPart(part.Role, part.Name, part.Owner.ToDisplayString()));

    /// <summary>A prompt method stands for the prompts, unless an attribute does.</summary>
    private static IEnumerable<PartLocation> Locate(LocatedPromptMethod? method) =>
        method is null ? [] : [new PartLocation(SpecPart.Prompts, method.NameSpan)];

    private static IEnumerable<PartLocation> Locate(IEnumerable<ReadAttribute> attributes)
    {
        foreach (IGrouping<AttributeRole, ReadAttribute> role in attributes.GroupBy(a => a.Attribute.Role))
        {
            foreach (PartLocation part in role.First().Locations)
                yield return part;
            if (role.Skip(1).FirstOrDefault()?.Locations.FirstOrDefault() is { } second)
                yield return second with { Part = SpecParts.OfSecond(role.Key) };
        }
    }
}
