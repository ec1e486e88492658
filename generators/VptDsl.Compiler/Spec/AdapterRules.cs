namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the default of an adapter attribute and checks that something is left of the width.</summary>
internal static class AdapterRules
{
    private static readonly AdapterAttribute Usual = new();

    /// <summary>The adapters, or null where there are none or problems were added.</summary>
    public static AdapterSpec? Resolve(Declaration declaration, BackboneSpec? backbone, List<Problem> problems)
    {
        if (declaration.InRole(AttributeRole.Adapter).FirstOrDefault() is not { } adapter)
            return null;
        int reduction = adapter.Number("Reduction") ?? Usual.Reduction;
        if (reduction < 1)
            problems.Add(Problems.NotPositive(adapter.Locate("Reduction"), "Reduction", reduction));
        else if (backbone is VitSpec vit && reduction > vit.Width)
            problems.Add(Problems.ReductionTooLarge(adapter.Locate("Reduction"), reduction, vit.Width));
        if (backbone is not (null or VitSpec))
            problems.Add(Problems.NotOnThisBackbone(adapter.Locate(), "Adapter", backbone.Describe()));
        return new(reduction);
    }
}
