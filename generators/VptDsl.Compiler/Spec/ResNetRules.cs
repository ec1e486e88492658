using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a residual network's preset and defaults, and checks its sizes.</summary>
internal static class ResNetRules
{
    /// <summary>The backbone, or null when problems were added.</summary>
    public static ResNetSpec? Resolve(DeclaredAttribute resNet, List<Problem> problems)
    {
        int before = problems.Count;
        ResNetAttribute usual = resNet.Choice<ResNetSize>("Size", problems) is { } size ? new(size) : new();
        StageRules.CheckPositive(resNet, problems);
        StageRules.CheckStated(resNet, "ResNetSize.Layers50", problems);
        EquatableArray<int>? depths = StageRules.Numbers(resNet, "Depths", usual.Depths, problems);
        EquatableArray<int>? widths = StageRules.Numbers(resNet, "Widths", usual.Widths, problems);
        if (problems.Count > before || depths is null || widths is null)
            return null;

        var spec = new ResNetSpec(
            resNet.Number("Image") ?? usual.Image,
            resNet.Number("Channels") ?? usual.Channels,
            resNet.Number("Stem") ?? usual.Stem,
            depths,
            widths,
            resNet.Number("Expansion") ?? usual.Expansion);
        StageRules.CheckLimits(spec, resNet, problems);
        return problems.Count > before ? null : spec;
    }
}
