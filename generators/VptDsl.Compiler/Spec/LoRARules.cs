namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of low-rank updates and checks that they are some, and smaller than what they update.</summary>
internal static class LoRARules
{
    private static readonly LoRAAttribute Usual = new();

    /// <summary>The updates, or null where there are none or problems were added.</summary>
    public static LoRASpec? Resolve(Declaration declaration, BackboneSpec? backbone, List<Problem> problems)
    {
        if (declaration.InRole(AttributeRole.LoRA).FirstOrDefault() is not { } lora)
            return null;
        int before = problems.Count, rank = lora.Number("Rank") ?? Usual.Rank;
        double alpha = lora.Real("Alpha") ?? Usual.Alpha;
        var on = (LoRATargets)(lora.Number("On") ?? (int)Usual.On);
        if (rank < 1)
            problems.Add(Problems.NotPositive(lora.Locate("Rank"), "Rank", rank));
        else if (backbone is VitSpec vit && rank > Math.Min(vit.Width, vit.Mlp))
            problems.Add(Problems.RankTooLarge(lora.Locate("Rank"), rank, Math.Min(vit.Width, vit.Mlp)));
        if (!(alpha > 0) || double.IsInfinity(alpha))
            problems.Add(Problems.UnusableAlpha(lora.Locate("Alpha"), alpha));
        if (on == LoRATargets.None || (on & ~LoRATargets.All) != 0)
            problems.Add(Problems.UnknownValue(lora.Locate("On"), "LoRATargets", (int)on, "LoRATargets.Query | LoRATargets.Value"));
        if (backbone is not (null or VitSpec))
            problems.Add(Problems.NotOnThisBackbone(lora.Locate(), "LoRA", backbone.Describe()));
        return problems.Count > before ? null : new(rank, alpha, on);
    }
}
