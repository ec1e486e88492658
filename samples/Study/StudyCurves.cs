using System.Collections.Immutable;

namespace Study;

/// <summary>What is varied beyond the main table, on the digits alone.</summary>
internal static class StudyCurves
{
    /// <summary>Runs everything that the curves show.</summary>
    public static ImmutableArray<Curve> Of(StudyRun run)
    {
        return
        [
            new Curve("Prompt length", "prompts before a layer", Logarithmic: true,
            [
                new Series("VPT-shallow", [.. Catalogue.ShallowLengths.Select(p => At(p.Length, p.Protocol))]),
                new Series("VPT-deep", [.. Catalogue.DeepLengths.Select(p => At(p.Length, p.Protocol))]),
            ]),
            new Curve("Prompt depth", "prompted layers", Logarithmic: false,
            [
                new Series("the first layers", [.. Catalogue.FirstLayers.Select(p => At(p.Layers, p.Protocol))]),
                new Series("the last layers", [.. Catalogue.LastLayers.Select(p => At(p.Layers, p.Protocol))]),
            ]),
            new Curve("Share of the training images", "% of the training images", Logarithmic: true,
            [
                .. Catalogue.Followed.Select(m => new Series(m.Name, [.. Catalogue.Fractions.Select(f => At(100 * f, m, f))])),
            ]),
        ];

        Point At(double x, Protocol protocol, double fraction = 1) => new(x, run.Run(protocol, StudyTask.Digits, fraction));
    }
}
