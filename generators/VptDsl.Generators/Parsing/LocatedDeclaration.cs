using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>A declaration and where its parts stand in the source.</summary>
internal sealed record LocatedDeclaration(Declaration Declaration, EquatableArray<PartLocation> Locations)
{
    /// <summary>Where members and the parts of the prompt method stand, by number.</summary>
    public EquatableArray<SourceSpan> Places { get; init; } = EquatableArray<SourceSpan>.Empty;

    /// <summary>What abstract classes above hand down to the class.</summary>
    public EquatableArray<InheritedPart> Inherited { get; init; } = EquatableArray<InheritedPart>.Empty;

    /// <summary>Where a problem is shown.</summary>
    public SourceSpan Find(Problem problem) => problem.Place is { } place ? Places[place] : Find(problem.Part);

    /// <summary>What a problem is about, where that is inherited.</summary>
    public InheritedPart? FindInherited(Problem problem) =>
        problem.Place is null && SpecParts.RoleOf(problem.Part) is { } role ? Inherited.FirstOrDefault(i => i.Role == role) : null;

    /// <summary>Where a part stands; a part that is not written stands where what it belongs to does.</summary>
    public SourceSpan Find(SpecPart part)
    {
        SpecPart whole = SpecParts.RoleOf(part) is { } role ? SpecParts.Of(role) : SpecPart.Type;
        foreach (SpecPart candidate in new[] { part, whole, SpecPart.Type })
        {
            if (Locations.FirstOrDefault(l => l.Part == candidate) is { } found)
                return found.Span;
        }

        throw new InvalidOperationException($"No place was recorded for {part} of '{Declaration.Type.Identity.FullName}'.");
    }
}

/// <summary>Where one part of a declaration stands.</summary>
internal sealed record PartLocation(SpecPart Part, SourceSpan Span);

/// <summary>A part of a declaration that an abstract class hands down.</summary>
/// <param name="Role">What it says.</param>
/// <param name="Attribute">The attribute that says it.</param>
/// <param name="Class">The class that it is declared in.</param>
internal sealed record InheritedPart(AttributeRole Role, string Attribute, string Class);
