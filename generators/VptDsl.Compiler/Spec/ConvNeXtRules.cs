using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a ConvNeXt's preset and defaults, and checks its sizes.</summary>
internal static class ConvNeXtRules
{
    private const int DefaultImage = 224;
    private const int DefaultChannels = 3;

    /// <summary>Numbered as the library's <c>ConvNeXtSize</c>.</summary>
    private static readonly (string Name, EquatableArray<int> Depths, EquatableArray<int> Widths)[] Presets =
    [
        ("Tiny", EquatableArray.Of(3, 3, 9, 3), EquatableArray.Of(96, 192, 384, 768)),
        ("Small", EquatableArray.Of(3, 3, 27, 3), EquatableArray.Of(96, 192, 384, 768)),
        ("Base", EquatableArray.Of(3, 3, 27, 3), EquatableArray.Of(128, 256, 512, 1024)),
        ("Large", EquatableArray.Of(3, 3, 27, 3), EquatableArray.Of(192, 384, 768, 1536)),
    ];

    /// <summary>The backbone, or null when problems were added.</summary>
    public static ConvNeXtSpec? Resolve(DeclaredAttribute convNeXt, List<Problem> problems)
    {
        int before = problems.Count;
        int? size = convNeXt.Number("Size");
        bool isKnown = size is { } number && number >= 0 && number < Presets.Length;
        if (size is not null && !isKnown)
        {
            string names = string.Join(", ", Presets.Select(p => "ConvNeXtSize." + p.Name));
            problems.Add(Problems.UnknownValue(convNeXt.Locate("Size"), "ConvNeXtSize", size.Value, "one of " + names));
        }

        StageRules.CheckPositive(convNeXt, problems);
        StageRules.CheckStated(convNeXt, "ConvNeXtSize.Base", problems);
        EquatableArray<int>? depths = StageRules.Numbers(convNeXt, "Depths", isKnown ? Presets[size!.Value].Depths : null, problems);
        EquatableArray<int>? widths = StageRules.Numbers(convNeXt, "Widths", isKnown ? Presets[size!.Value].Widths : null, problems);
        int image = convNeXt.Number("Image") ?? DefaultImage;
        if (image is > 0 and < ConvNeXtSpec.SmallestImage)
            problems.Add(Problems.ImageTooSmall(convNeXt.Locate("Image"), image, ConvNeXtSpec.SmallestImage));
        if (problems.Count > before || depths is null || widths is null)
            return null;

        var spec = new ConvNeXtSpec(image, convNeXt.Number("Channels") ?? DefaultChannels, depths, widths);
        StageRules.CheckLimits(spec, convNeXt, problems);
        return problems.Count > before ? null : spec;
    }
}
