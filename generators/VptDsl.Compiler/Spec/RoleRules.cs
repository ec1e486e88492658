namespace VptDsl.Compiler.Spec;

/// <summary>A declaration has one backbone, one head and one prompt attribute at most.</summary>
internal static class RoleRules
{
    /// <summary>Checks that nothing is said twice; what is not said may be for others to say.</summary>
    public static void CheckRepetitions(Declaration declaration, List<Problem> problems)
    {
        string type = declaration.Type.Identity.Name;
        foreach (AttributeRole role in new[] { AttributeRole.Backbone, AttributeRole.Prompts, AttributeRole.Head })
        {
            DeclaredAttribute[] found = [.. declaration.InRole(role)];
            if (found.Length > 1)
            {
                problems.Add(Problems.DeclaredTwice(
                    SpecParts.OfSecond(role), type, Noun(role), found[0].Kind.ToString(), found[1].Kind.ToString()));
            }
        }
    }

    public static void Check(Declaration declaration, List<Problem> problems)
    {
        CheckRepetitions(declaration, problems);
        string type = declaration.Type.Identity.Name;
        if (!declaration.InRole(AttributeRole.Backbone).Any())
        {
            bool prompted = declaration.InRole(AttributeRole.Prompts).Any() || declaration.PromptMethod is not null;
            problems.Add(prompted ? Problems.NothingToPrompt(type) : Problems.NoBackbone(type));
        }

        if (!declaration.InRole(AttributeRole.Head).Any())
            problems.Add(Problems.NoHead(type));
    }

    private static string Noun(AttributeRole role) => role switch
    {
        AttributeRole.Backbone => "backbone",
        AttributeRole.Prompts => "prompt attribute",
        _ => "head",
    };
}
