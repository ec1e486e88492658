namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>Checks a prompt method by running it on the shapes of every layer.</summary>
internal static class OpenPromptRules
{
    /// <summary>The prompts, or null when problems were added or the backbone is unknown.</summary>
    public static OpenPromptSpec? Resolve(Declaration declaration, BackboneSpec? backbone, List<Problem> problems)
    {
        if (declaration.PromptMethod is not { } method)
            return null;
        problems.AddRange(method.Problems);
        if (declaration.InRole(AttributeRole.Prompts).FirstOrDefault() is { } attribute)
        {
            problems.Add(Problems.NotAPromptMethod(
                method.NamePlace, method.Name, $"stands beside [{attribute.Kind}], and a class has one kind of prompts"));
        }

        if (backbone is not null && !backbone.Prompts.HasFlag(PromptKinds.Methods))
            problems.Add(Problems.PromptsDoNotFit(SpecPart.Prompts, "[PromptMethod]", backbone.Describe(), PromptRules.Fitting(backbone)));
        if (method.Program is null || backbone is not VitSpec vit || problems.Count > 0)
            return null;
        try
        {
            return Check(method.Program, vit);
        }
        catch (PromptException fault)
        {
            problems.Add(fault.Problem);
            return null;
        }
    }

    /// <summary>The prompts of a method on a backbone. Throws <see cref="PromptException"/> where they do not fit.</summary>
    public static OpenPromptSpec Check(PromptProgram program, VitSpec vit)
    {
        var shapes = new PromptShapes(new(Batched: true, vit.PrefixTokens + vit.Patches, vit.Width));
        for (int layer = 0; layer < vit.Layers; layer++)
            PromptMachine<TracedShape>.Run(program, new(layer, vit.Layers, vit.Width, vit.Heads), shapes);
        if (shapes.FindIdle(vit.Pool) is { } idle)
        {
            string where = idle.Layer is { } layer ? FormattableString.Invariant($" in layer {layer}") : "";
            throw new PromptException(Problems.PromptParameterUnsound(
                idle.Place, idle.Name, $"has no effect{where}, because nothing that the head reads depends on it",
                "it where something reads it later, or declare it in fewer layers"));
        }

        return new(program)
        {
            Parameters = shapes.Parameters,
            MostTokens = shapes.MostTokens,
            LastTokens = shapes.Prompts?.Shape.Rows ?? 0,
        };
    }
}
