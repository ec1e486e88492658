namespace VptDsl.Compiler.Spec;

/// <summary>Prompts can be pooled only where some come out of the last layer.</summary>
internal static class PoolRules
{
    public static void Check(Declaration declaration, BackboneSpec? backbone, PromptSpec? prompts, List<Problem> problems)
    {
        if (problems.Count == 0 && backbone is VitSpec { Pool: TokenPool.Prompts } && prompts?.TokensAtTheEnd(backbone.Layers) is null or 0)
            problems.Add(Problems.NoPromptsToPool(declaration.InRole(AttributeRole.Backbone).First().Locate("Pool")));
    }
}
