namespace VptDsl.Compiler.Spec;

/// <summary>An abstract class can be completed where it has to be, says nothing twice, and is a base of heads of one kind.</summary>
internal static class SharedRules
{
    /// <summary>Checks an abstract class. Whether what it says makes a model is judged with each class that derives from it.</summary>
    public static void Check(Declaration declaration, SharedPart part, List<Problem> problems)
    {
        if (!part.IsComplete || declaration.Type.BaseClass is not null)
            TypeRules.CheckCompletable(declaration.Type, problems);
        RoleRules.CheckRepetitions(declaration, problems);
        CheckRoot(declaration, problems);
    }

    /// <summary>C# has one base class for each class, but what segments and what does not derive from different ones.</summary>
    public static void CheckRoot(Declaration declaration, List<Problem> problems)
    {
        DeclaredType type = declaration.Type;
        if (type.Root is { } root && root.Base != type.GeneratedBase && declaration.InRole(AttributeRole.Head).FirstOrDefault() is { } head)
        {
            problems.Add(Problems.HeadOfAnotherBase(
                head.Kind.ToString(), type.Identity.PlainName, type.GeneratedBase, root.Name, root.Base));
        }
    }
}
