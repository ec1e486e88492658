using Microsoft.CodeAnalysis;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>An attribute of the language and its name in metadata.</summary>
internal sealed record KnownAttribute(AttributeKind Kind, string MetadataName)
{
    public static readonly KnownAttribute[] All =
    [
        .. Enum.GetValues(typeof(AttributeKind)).Cast<AttributeKind>().Select(k => new KnownAttribute(k, $"VptDsl.{k}Attribute")),
    ];

    /// <summary>The attribute that is used, or null where it is not one of ours.</summary>
    public static KnownAttribute? Find(AttributeData data) =>
        data.AttributeClass?.ToDisplayString() is { } name ? Array.Find(All, a => a.MetadataName == name) : null;

    /// <summary>Whether a class has an attribute of ours itself.</summary>
    public static bool StandsOn(INamedTypeSymbol type) => type.GetAttributes().Any(data => Find(data) is not null);
}
