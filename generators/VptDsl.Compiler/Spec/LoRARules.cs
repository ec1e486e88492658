namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of low-rank updates and checks that they are some, and smaller than what they update.</summary>
internal static class LoRARules
{
    private const string UsualTargets = "LoRATargets.Query | LoRATargets.Value";

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
        // It is a 32-bit float that updates are multiplied by, and that has to be a number above 0 too.
        if (rank >= 1 && (float)(alpha / rank) is not (> 0 and < float.PositiveInfinity))
        {
            problems.Add(Problems.UpdatesCountForNothing(
                lora.Locate("Alpha"),
                FormattableString.Invariant($"Alpha is {alpha}, but updates are multiplied by Alpha / Rank, a 32-bit float"),
                "write a number above 0, usually Rank or twice that"));
        }

        if (on == LoRATargets.None)
        {
            problems.Add(Problems.UpdatesCountForNothing(
                lora.Locate("On"), "On is LoRATargets.None, which names nothing to update", $"write {UsualTargets}, or leave [LoRA] out"));
        }
        else if ((on & ~LoRATargets.All) != 0)
        {
            problems.Add(Problems.UnknownValue(lora.Locate("On"), "LoRATargets", (int)on, UsualTargets));
        }

        if (backbone is not (null or VitSpec))
            problems.Add(Problems.NotOnThisBackbone(lora.Locate(), "LoRA", backbone.Describe()));
        return problems.Count > before ? null : new(rank, alpha, on);
    }
}
