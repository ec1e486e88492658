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

    /// <summary>The declaration, or null where another attribute of the same class brings it.</summary>
    public static LocatedDeclaration? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type)
            return null;
        List<ReadAttribute> attributes = [];
        foreach (AttributeData data in type.GetAttributes())
        {
            cancellation.ThrowIfCancellationRequested();
            if (ReadAttribute.TryRead(data, context.SemanticModel.Compilation, cancellation) is { } attribute)
                attributes.Add(attribute);
        }

        if (attributes.Count == 0 || !IsBroughtBy(attributes[0], context))
            return null;
        (DeclaredType declaredType, IEnumerable<PartLocation> typeLocations) = TypeReader.Read(
            type, GeneratedBase(attributes), context.TargetNode, cancellation);
        var places = new PlaceList();
        LocatedPromptMethod? method = PromptMethodReader.Read(type, context.SemanticModel.Compilation, places, cancellation);
        EquatableArray<DeclaredMember> members = MemberReader.Read(type, places, cancellation);
        return new LocatedDeclaration(
            new Declaration(declaredType, attributes.Select(a => a.Attribute).ToEquatableArray())
            {
                Members = members,
                PromptMethod = method?.Method,
            },
            typeLocations.Concat(Locate(attributes)).Concat(Locate(method)).ToEquatableArray())
        {
            Places = places.ToArray(),
        };
    }

    private static string GeneratedBase(List<ReadAttribute> attributes) =>
        attributes.Any(a => a.Attribute.Kind == AttributeKind.SegmentationHead) ? DeclaredType.SegmentationBase : DeclaredType.Base;

    /// <summary>A class is seen once for each of its attributes and each of its parts; the first attribute stands for all.</summary>
    private static bool IsBroughtBy(ReadAttribute first, GeneratorAttributeSyntaxContext context) =>
        first.Syntax.SyntaxTree == context.TargetNode.SyntaxTree
        && context.TargetNode.Span.Contains(first.Syntax.Span)
        && context.Attributes.Any(a => a.ApplicationSyntaxReference?.Span == first.Syntax.Span);

    /// <summary>A prompt method stands for the prompts, unless an attribute does.</summary>
    private static IEnumerable<PartLocation> Locate(LocatedPromptMethod? method) =>
        method is null ? [] : [new PartLocation(SpecPart.Prompts, method.NameSpan)];

    private static IEnumerable<PartLocation> Locate(List<ReadAttribute> attributes)
    {
        foreach (IGrouping<AttributeRole, ReadAttribute> role in attributes.GroupBy(a => a.Attribute.Role))
        {
            foreach (PartLocation part in role.First().Locations)
                yield return part;
            if (role.Skip(1).FirstOrDefault() is { } second)
                yield return new PartLocation(SpecParts.OfSecond(role.Key), SourceSpan.Of(second.Syntax.GetLocation()));
        }
    }
}
