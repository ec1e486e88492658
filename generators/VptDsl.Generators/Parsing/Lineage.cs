using Microsoft.CodeAnalysis;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>A class and the abstract ones above it, nearest first: each hands down what no nearer one declares itself.</summary>
/// <remarks>It holds symbols, which belong to one state of the sources: it is read of, and never kept.</remarks>
internal sealed class Lineage
{
    private readonly LineageLevel[] _levels;

    private Lineage(IEnumerable<LineageLevel> levels) => _levels = [.. levels];

    /// <summary>The class itself.</summary>
    public LineageLevel Own => _levels[0];

    /// <summary>Whether the class is abstract, and so declares for those that derive from it.</summary>
    public bool IsShared => Own.Type is { IsAbstract: true, IsStatic: false };

    /// <summary>The abstract class above with those above it; null where there is none.</summary>
    public Lineage? Above => _levels.Length > 1 ? new(_levels.Skip(1)) : null;

    /// <summary>Whether the class above is a base that models can have, once the generator has completed it.</summary>
    public bool HasBase => Above is { CanBeBase: true };

    /// <summary>Whether the class above declares for others, but lies in another assembly that keeps them from deriving from it.</summary>
    public bool IsBaseClosed => Above is { IsDeclared: true, CanBeBase: false };

    /// <summary>Whether any of them has an attribute of ours.</summary>
    public bool IsDeclared => _levels.Any(level => level.Attributes.Count > 0);

    /// <summary>The attributes that say what the class is.</summary>
    public IEnumerable<ReadAttribute> Attributes => _levels.SelectMany((level, i) =>
        level.Attributes.Where(a => !_levels.Take(i).Any(nearer => nearer.Declares(a.Attribute.Role))));

    /// <summary>The class whose prompt method is the model's; null where attributes say its prompts, or nothing does.</summary>
    public INamedTypeSymbol? PromptMethodOwner =>
        _levels.FirstOrDefault(level => level.Declares(AttributeRole.Prompts)) is { HasPromptMethod: true } level ? level.Type : null;

    /// <summary>What the class is to derive from in the end: as its head needs, and without one as the classes above do.</summary>
    public string GeneratedBase => NeededBase(IsShared ? Own.Attributes : Attributes) ?? Root?.Base ?? WrittenBase ?? DeclaredType.Base;

    /// <summary>The topmost of the classes above and which of the library's classes it derives from; null where there are none.</summary>
    public DeclaredRoot? Root => HasBase && _levels.Last() is var top
        ? new(top.Type.ToDisplayString(), WrittenBase ?? NeededBase(top.Attributes) ?? DeclaredType.Base)
        : null;

    /// <summary>Who may call the constructor of the class that hands on a model's program; private where there is none.</summary>
    public Accessibility ConstructorAccess => ProgramConstructor(Own.Type)?.DeclaredAccessibility ?? Accessibility.Private;

    /// <summary>The class of the library that they derive from as they are written.</summary>
    private string? WrittenBase => _levels.Last().Type.BaseType is { } top && IsOfLibrary(top) ? top.ToDisplayString() : null;

    /// <summary>
    /// Whether models can derive from the class: it is complete, or becomes so. In another assembly nothing becomes complete, and a prompt
    /// method has no text to read.
    /// </summary>
    private bool CanBeBase => Own.IsHere
        ? IsDeclared || (WrittenBase is not null && ConstructorAccess != Accessibility.Private)
        : WrittenBase is not null && PromptMethodOwner is null
            && ConstructorAccess is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    public static Lineage Of(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        new(AbstractAbove(type).Prepend(type).Select(t => LineageLevel.Read(t, compilation, cancellation)));

    /// <summary>Whether an abstract class above this one has an attribute of ours.</summary>
    public static bool IsHeir(INamedTypeSymbol type) => AbstractAbove(type).Any(KnownAttribute.StandsOn);

    /// <summary>The constructor that hands on a model's program; null where the class has none.</summary>
    public static IMethodSymbol? ProgramConstructor(INamedTypeSymbol type) => type.InstanceConstructors.FirstOrDefault(c =>
        c.Parameters.Length == 2 && c.Parameters.All(p => p.RefKind == RefKind.None)
        && c.Parameters[0].Type.ToDisplayString() == "VptDsl.Device"
        && c.Parameters[1].Type.ToDisplayString() == "VptDsl.Programs.ModelProgram");

    /// <summary>Whether it is what models derive from in the end.</summary>
    public static bool IsOfLibrary(INamedTypeSymbol type) => type.ToDisplayString() is DeclaredType.Base or DeclaredType.SegmentationBase;

    private static IEnumerable<INamedTypeSymbol> AbstractAbove(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? above = type.BaseType; above is { IsAbstract: true } && !IsOfLibrary(above); above = above.BaseType)
            yield return above;
    }

    private static string? NeededBase(IEnumerable<ReadAttribute> attributes) =>
        attributes.FirstOrDefault(a => a.Attribute.Role == AttributeRole.Head)?.Attribute.Kind switch
        {
            null => null,
            AttributeKind.SegmentationHead => DeclaredType.SegmentationBase,
            _ => DeclaredType.Base,
        };
}

/// <summary>One class and what it declares itself.</summary>
/// <param name="Type">The class.</param>
/// <param name="IsHere">Whether its source is in this project.</param>
/// <param name="Attributes">Our attributes on it, in source order.</param>
/// <param name="HasPromptMethod">Whether a method of it describes prompts.</param>
internal sealed record LineageLevel(
    INamedTypeSymbol Type, bool IsHere, IReadOnlyList<ReadAttribute> Attributes, bool HasPromptMethod)
{
    public static LineageLevel Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        bool isHere = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly);
        List<ReadAttribute> attributes = [];
        foreach (AttributeData data in type.GetAttributes())
        {
            cancellation.ThrowIfCancellationRequested();
            if (ReadAttribute.TryRead(data, type, isHere ? compilation : null, cancellation) is { } attribute)
                attributes.Add(attribute);
        }

        return new(type, isHere, attributes, PromptMethodReader.Exists(type));
    }

    /// <summary>Whether the class says something in a role itself. A prompt method and prompt attributes play the same.</summary>
    public bool Declares(AttributeRole role) =>
        Attributes.Any(a => a.Attribute.Role == role) || (role == AttributeRole.Prompts && HasPromptMethod);
}
