namespace VptDsl.Compiler.Spec;

/// <summary>A class must be one that can be completed: partial, on its own, and free to derive from the library's base class.</summary>
internal static class TypeRules
{
    public static void Check(DeclaredType type, List<Problem> problems)
    {
        CheckCompletable(type, problems);
        if (SurfaceMember.Find(type.Identity.Name) is not null)
            problems.Add(Problems.NameTaken(type.Identity.Name));
    }

    /// <summary>Checks what any part that is generated asks of a class.</summary>
    public static void CheckCompletable(DeclaredType type, List<Problem> problems)
    {
        string name = type.Identity.Name;
        if (!type.IsPartial)
            problems.Add(Problems.NotPartial(name));
        if (type.ContainingType is { } containing)
            problems.Add(Problems.Nested(name, containing));
        if (type.IsGeneric)
            problems.Add(Problems.Generic(name));
        if (type.OldLanguage is { } old)
            problems.Add(Problems.LanguageTooOld(name, old.Version));
        if (Describe(type) is var (reason, remedy))
            problems.Add(Problems.CannotDerive(name, reason, remedy, type.GeneratedBase));
    }

    private static (string Reason, string Remedy)? Describe(DeclaredType type) => type.Obstacle switch
    {
        TypeObstacle.Static => ("is static", "remove 'static'"),
        TypeObstacle.Record => ("is a record", "declare it as a class"),
        TypeObstacle.FileLocal => ("is visible in its own file only", "remove 'file'"),
        TypeObstacle.PrimaryConstructor => ("has a primary constructor", "remove its parameter list"),
        TypeObstacle.HiddenConstructor => ("has a private constructor for the programs of its models", "make that protected"),
        TypeObstacle.BaseClass when type.BaseClass is DeclaredType.Base or DeclaredType.SegmentationBase =>
            ($"derives from '{type.BaseClass}'", $"write '{type.GeneratedBase}', as its head needs, or leave the base class out"),
        TypeObstacle.BaseClass => ($"derives from '{type.BaseClass}'", "remove that base class; interfaces may stay"),
        TypeObstacle.ClosedBaseClass => (
            $"derives from '{type.BaseClass}' of another assembly, whose constructor for programs of models is missing or hidden",
            "build that assembly with the generator and keep prompt methods out of that class, or declare a base class in this project"),
        _ => null,
    };
}
