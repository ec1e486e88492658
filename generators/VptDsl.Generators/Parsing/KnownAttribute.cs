using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>An attribute of the language and its name in metadata.</summary>
internal sealed record KnownAttribute(AttributeKind Kind, string MetadataName)
{
    public static readonly KnownAttribute[] All =
    [
        .. Enum.GetValues(typeof(AttributeKind)).Cast<AttributeKind>().Select(k => new KnownAttribute(k, $"VptDsl.{k}Attribute")),
    ];

    /// <summary>The attribute of that name in metadata, or null where it is not one of ours.</summary>
    public static KnownAttribute? Find(string? metadataName) => Array.Find(All, a => a.MetadataName == metadataName);
}
