using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a residual network's preset and defaults, and checks its sizes.</summary>
internal static class ResNetRules
{
    private const int DefaultImage = 224;
    private const int DefaultChannels = 3;
    private const int DefaultStem = 64;
    private const int BottleneckExpansion = 4;

    private static readonly EquatableArray<int> UsualWidths = EquatableArray.Of(64, 128, 256, 512);

    /// <summary>Numbered as the library's <c>ResNetSize</c>.</summary>
    private static readonly (string Name, EquatableArray<int> Depths, int Expansion)[] Presets =
    [
        ("Layers18", EquatableArray.Of(2, 2, 2, 2), 1),
        ("Layers34", EquatableArray.Of(3, 4, 6, 3), 1),
        ("Layers50", EquatableArray.Of(3, 4, 6, 3), BottleneckExpansion),
        ("Layers101", EquatableArray.Of(3, 4, 23, 3), BottleneckExpansion),
        ("Layers152", EquatableArray.Of(3, 8, 36, 3), BottleneckExpansion),
    ];

    /// <summary>The backbone, or null when problems were added.</summary>
    public static ResNetSpec? Resolve(DeclaredAttribute resNet, List<Problem> problems)
    {
        int before = problems.Count;
        int? size = resNet.Number("Size");
        bool isKnown = size is { } number && number >= 0 && number < Presets.Length;
        if (size is not null && !isKnown)
        {
            string names = string.Join(", ", Presets.Select(p => "ResNetSize." + p.Name));
            problems.Add(Problems.UnknownValue(resNet.Locate("Size"), "ResNetSize", size.Value, "one of " + names));
        }

        StageRules.CheckPositive(resNet, problems);
        StageRules.CheckStated(resNet, "ResNetSize.Layers50", problems);
        EquatableArray<int>? depths = StageRules.Numbers(resNet, "Depths", isKnown ? Presets[size!.Value].Depths : null, problems);
        EquatableArray<int>? widths = StageRules.Numbers(resNet, "Widths", isKnown ? UsualWidths : null, problems);
        if (problems.Count > before || depths is null || widths is null)
            return null;

        var spec = new ResNetSpec(
            resNet.Number("Image") ?? DefaultImage,
            resNet.Number("Channels") ?? DefaultChannels,
            resNet.Number("Stem") ?? DefaultStem,
            depths,
            widths,
            resNet.Number("Expansion") ?? (isKnown ? Presets[size!.Value].Expansion : BottleneckExpansion));
        StageRules.CheckLimits(spec, resNet, problems);
        return problems.Count > before ? null : spec;
    }
}
