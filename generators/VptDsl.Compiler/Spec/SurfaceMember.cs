using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A member that the generated part declares in the user's class.</summary>
/// <param name="Type">Its type, or what the method returns; null where that is the class itself.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">A method's parameters as they are written; null for a constant.</param>
internal sealed record SurfaceMember(string? Type, string Name, string? Parameters = null)
{
    /// <summary>Loads a backbone.</summary>
    public static readonly SurfaceMember Load = new(null, "Load", "global::VptDsl.Device device, string backbone, int seed = 0");

    /// <summary>Loads a backbone from a checkpoint that holds several models.</summary>
    public static readonly SurfaceMember LoadEntry = new(
        null, "Load", "global::VptDsl.Device device, string backbone, string? entry, int seed = 0");

    /// <summary>Draws everything afresh.</summary>
    public static readonly SurfaceMember Create = new(null, "Create", "global::VptDsl.Device device, int seed = 0");

    /// <summary>
    /// All that any model has, in the order in which they stand; some models have no <c>FeatureBytes</c>, and <c>ImageSize</c> is for
    /// squares.
    /// </summary>
    public static readonly IReadOnlyList<SurfaceMember> All =
    [
        new("int", "ImageSize"),
        new("int", "ImageHeight"),
        new("int", "ImageWidth"),
        new("int", "Channels"),
        new("int", "Classes"),
        new("long", "TrainableParameters"),
        new("long", "BackboneParameters"),
        new("long", "TaskBytes"),
        new("long", "FeatureBytes"),
        new("string", "Explanation"),
        new("long", "StepBytes", "int batch"),
        new("long", "InferenceBytes", "int batch"),
        new("long", "ScratchBytes", "int batch"),
        Load,
        LoadEntry,
        Create,
    ];

    /// <summary>The types of the generated constructor's parameters.</summary>
    public static readonly EquatableArray<string> ConstructorTypes = EquatableArray.Of("global::VptDsl.Device");

    /// <summary>The types of a method's parameters, without what says that one may be null; null for a constant.</summary>
    public EquatableArray<string>? ParameterTypes { get; } =
        Parameters?.Split(',').Select(p => p.Trim().Split(' ')[0].TrimEnd('?')).ToEquatableArray();

    /// <summary>A method as it is declared behind what it returns.</summary>
    public string Signature => $"{Name}({Parameters})";

    /// <summary>A member of that name, the first of several, or null where none is generated.</summary>
    public static SurfaceMember? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <summary>Whether a class cannot have both: in C#, methods alone may share a name, if their parameters differ.</summary>
    public bool CollidesWith(DeclaredMember member) =>
        member.Name == Name && (ParameterTypes is null || member.ParameterTypes is null || member.ParameterTypes.Equals(ParameterTypes));
}
