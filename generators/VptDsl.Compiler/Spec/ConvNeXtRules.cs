using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a ConvNeXt's preset and defaults, and checks its sizes.</summary>
internal static class ConvNeXtRules
{
    /// <summary>The backbone, or null when problems were added.</summary>
    public static ConvNeXtSpec? Resolve(DeclaredAttribute convNeXt, List<Problem> problems)
    {
        int before = problems.Count;
        ConvNeXtAttribute usual = convNeXt.Choice<ConvNeXtSize>("Size", problems) is { } size ? new(size) : new();
        StageRules.CheckPositive(convNeXt, problems);
        StageRules.CheckStated(convNeXt, "ConvNeXtSize.Base", problems);
        EquatableArray<int>? depths = StageRules.Numbers(convNeXt, "Depths", usual.Depths, problems);
        EquatableArray<int>? widths = StageRules.Numbers(convNeXt, "Widths", usual.Widths, problems);
        int image = convNeXt.Number("Image") ?? usual.Image;
        if (image is > 0 and < ConvNeXtSpec.SmallestImage)
            problems.Add(Problems.ImageTooSmall(convNeXt.Locate("Image"), image, ConvNeXtSpec.SmallestImage));
        if (problems.Count > before || depths is null || widths is null)
            return null;

        var spec = new ConvNeXtSpec(image, convNeXt.Number("Channels") ?? usual.Channels, depths, widths);
        StageRules.CheckLimits(spec, convNeXt, problems);
        return problems.Count > before ? null : spec;
    }
}
