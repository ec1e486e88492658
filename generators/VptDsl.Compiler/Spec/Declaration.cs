using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Compiler.Spec;

/// <summary>An annotated class as the user wrote it: nothing filled in, nothing judged.</summary>
/// <param name="Type">The class.</param>
/// <param name="Attributes">
/// This library's attributes that say what the model is: its own in source order, then those of abstract classes above it whose roles none
/// nearer to it plays. Of an abstract class its own alone.
/// </param>
internal sealed record Declaration(DeclaredType Type, EquatableArray<DeclaredAttribute> Attributes)
{
    /// <summary>The class's own members that have something to do with what is generated.</summary>
    public EquatableArray<DeclaredMember> Members { get; init; } = EquatableArray<DeclaredMember>.Empty;

    /// <summary>The method that describes prompts of the user's own, if there is one.</summary>
    public DeclaredPromptMethod? PromptMethod { get; init; }

    /// <summary>What makes an abstract class a base of models; null for a model.</summary>
    public SharedPart? Shared { get; init; }

    /// <summary>Whether a class above it cannot be a base of models, which is told there.</summary>
    public bool HasUnsoundBase { get; init; }

    /// <summary>Whether C# itself rejects a part; it tells the user, and no model can be made.</summary>
    public bool IsBroken => Attributes.Any(a => a.IsBroken) || PromptMethod is { IsBroken: true };

    /// <summary>What can be judged: the declaration without the attributes that C# rejects.</summary>
    public Declaration Sound => this with { Attributes = Attributes.Where(a => !a.IsBroken).ToEquatableArray() };

    /// <summary>The attributes that play a role; a sound declaration has one at most.</summary>
    public IEnumerable<DeclaredAttribute> InRole(AttributeRole role) => Attributes.Where(a => a.Role == role);
}

/// <summary>A method that describes prompts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NamePlace">Which of the recorded places its name stands at.</param>
/// <param name="Program">What it does, or null where that could not be read.</param>
/// <param name="Problems">Why it could not be read.</param>
internal sealed record DeclaredPromptMethod(string Name, int NamePlace, PromptProgram? Program, EquatableArray<Problem> Problems)
{
    /// <summary>Whether C# itself rejects it.</summary>
    public bool IsBroken => Program is null && Problems.Count == 0;
}

/// <summary>A member that the user wrote into the class.</summary>
/// <param name="Name">Its name; <see cref="Constructor"/> for a constructor that does not hand on to another one of the class.</param>
/// <param name="ParameterTypes">The types of a method's or constructor's parameters, null where it has none to compare.</param>
/// <param name="Place">Which of the recorded places its name stands at.</param>
internal sealed record DeclaredMember(string Name, EquatableArray<string>? ParameterTypes, int Place)
{
    public const string Constructor = ".ctor";

    /// <summary>Whether whoever constructs the class must set it.</summary>
    public bool IsRequired { get; init; }
}

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

    /// <summary>What the class derives from in the end, as its head needs; the user may say so too.</summary>
    public string GeneratedBase { get; init; } = Base;

    /// <summary>The topmost of the abstract classes above it, if there are any.</summary>
    public DeclaredRoot? Root { get; init; }

    /// <summary>The version of C# that the project is compiled as, where it is older than generated code.</summary>
    public OldLanguage? OldLanguage { get; init; }
}

/// <summary>The abstract class through which a class derives from the library's base class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Base">Which of the library's base classes it derives from.</param>
internal sealed record DeclaredRoot(string Name, string Base);

/// <summary>A version of C# that is older than generated code.</summary>
/// <param name="Version">As the build property says it, for instance 11.0.</param>
/// <param name="HasFileScopedNamespaces">Whether it is 10 at least.</param>
internal sealed record OldLanguage(string Version, bool HasFileScopedNamespaces);

/// <summary>What can keep a class from deriving from the library's base class.</summary>
internal enum TypeObstacle
{
    None,
    Static,
    Record,
    FileLocal,
    PrimaryConstructor,
    HiddenConstructor,
    BaseClass,
    ClosedBaseClass,
}

/// <summary>One attribute with the arguments that are written.</summary>
internal sealed record DeclaredAttribute(AttributeKind Kind, EquatableArray<DeclaredArgument> Arguments)
{
    public AttributeRole Role => Kind.Role();

    /// <summary>Whether C# itself rejects it as it stands, before anything is generated.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The arguments that are, or use, constants which this generator has yet to write.</summary>
    public EquatableArray<GeneratedArgument> GeneratedArguments { get; init; } = EquatableArray<GeneratedArgument>.Empty;

    /// <summary>The value of an integer or enum argument, if it is written.</summary>
    public int? Number(string name) => Argument(name)?.Number;

    /// <summary>The value of a true-or-false argument, if it is written.</summary>
    public bool? Flag(string name) => Number(name) is { } number ? number != 0 : null;

    /// <summary>The value of a fractional argument, if it is written.</summary>
    public double? Real(string name) => Argument(name)?.Real;

    /// <summary>The value of a string argument, if it is written and not null.</summary>
    public string? Text(string name) => Argument(name)?.Text;

    /// <summary>Where to point: at the first of these arguments that is written, or else at the whole attribute.</summary>
    public SpecPart Locate(params string[] names) => Written(names) is { } name ? SpecParts.Of(Role, name) : SpecParts.Of(Role);

    /// <summary>The first of these arguments that is written.</summary>
    public string? Written(params string[] names) => names.FirstOrDefault(n => Argument(n) is not null);

    private DeclaredArgument? Argument(string name) => Arguments.FirstOrDefault(a => a.Name == name);
}

/// <summary>An argument whose value is not known before the generator has run.</summary>
/// <param name="Name">The argument.</param>
/// <param name="Constant">The generated constant as it is written.</param>
internal sealed record GeneratedArgument(string Name, string Constant);

/// <summary>One written argument. Enums are their number, false is 0 and true is 1.</summary>
internal sealed record DeclaredArgument(string Name, int? Number, string? Text)
{
    /// <summary>The value of a fractional argument.</summary>
    public double? Real { get; init; }
}
