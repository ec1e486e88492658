using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Compiler.Spec;

/// <summary>An annotated class as the user wrote it: nothing filled in, nothing judged.</summary>
/// <param name="Type">The class.</param>
/// <param name="Attributes">This library's attributes on it, in source order.</param>
/// <param name="IsBroken">Whether C# itself rejects an attribute; it has told the user, and nothing more can be said.</param>
internal sealed record Declaration(DeclaredType Type, EquatableArray<DeclaredAttribute> Attributes, bool IsBroken)
{
    /// <summary>The method that describes prompts of the user's own, if there is one.</summary>
    public DeclaredPromptMethod? PromptMethod { get; init; }

    /// <summary>The attributes that play a role; a sound declaration has one at most.</summary>
    public IEnumerable<DeclaredAttribute> InRole(AttributeRole role) => Attributes.Where(a => a.Role == role);
}

/// <summary>A method that describes prompts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NamePlace">Which of the recorded places its name stands at.</param>
/// <param name="Program">What it does, or null where that could not be read.</param>
/// <param name="Problems">Why it could not be read.</param>
internal sealed record DeclaredPromptMethod(string Name, int NamePlace, PromptProgram? Program, EquatableArray<Problem> Problems);

/// <summary>What decides whether members can be added to a class.</summary>
/// <param name="Identity">Its name.</param>
/// <param name="IsPartial">Whether it is declared <c>partial</c>.</param>
/// <param name="ContainingType">The class around it, if any.</param>
/// <param name="IsGeneric">Whether it has type parameters.</param>
/// <param name="Obstacle">What else keeps it from deriving from the library's base class.</param>
/// <param name="BaseClass">Its own base class, where that is the obstacle.</param>
internal sealed record DeclaredType(
    TypeIdentity Identity,
    bool IsPartial,
    string? ContainingType,
    bool IsGeneric,
    TypeObstacle Obstacle,
    string? BaseClass)
{
    /// <summary>What classes with most heads derive from.</summary>
    public const string Base = "VptDsl.Tuner";

    /// <summary>What classes with a segmentation head derive from.</summary>
    public const string SegmentationBase = "VptDsl.SegmentationTuner";

    /// <summary>What the generated part derives from; the user may say so too.</summary>
    public string GeneratedBase { get; init; } = Base;
}

/// <summary>What can keep a class from deriving from the library's base class.</summary>
internal enum TypeObstacle
{
    None,
    Static,
    Abstract,
    Record,
    FileLocal,
    PrimaryConstructor,
    BaseClass,
}

/// <summary>One attribute with the arguments that are written.</summary>
internal sealed record DeclaredAttribute(AttributeKind Kind, EquatableArray<DeclaredArgument> Arguments)
{
    public AttributeRole Role => Kind.Role();

    /// <summary>The value of an integer or enum argument, if it is written.</summary>
    public int? Number(string name) => Argument(name)?.Number;

    /// <summary>The value of a fractional argument, if it is written.</summary>
    public double? Real(string name) => Argument(name)?.Real;

    /// <summary>The value of a string argument, if it is written and not null.</summary>
    public string? Text(string name) => Argument(name)?.Text;

    /// <summary>Where to point: at the first of these arguments that is written, or else at the whole attribute.</summary>
    public SpecPart Locate(params string[] names) =>
        names.Where(n => Argument(n) is not null).Select(n => SpecParts.Of(Role, n)).Append(SpecParts.Of(Role)).First();

    private DeclaredArgument? Argument(string name) => Arguments.FirstOrDefault(a => a.Name == name);
}

/// <summary>One written argument. Enums are their number, false is 0 and true is 1.</summary>
internal sealed record DeclaredArgument(string Name, int? Number, string? Text)
{
    /// <summary>The value of a fractional argument.</summary>
    public double? Real { get; init; }
}
