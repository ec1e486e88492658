using System.Collections.Immutable;

namespace Study;

/// <summary>
/// What is varied beyond the main table, on the digits alone, with the settings that did best for the row of the table that is varied.
/// </summary>
internal static class StudyCurves
{
    /// <summary>Runs everything that the curves show.</summary>
    public static ImmutableArray<Curve> Of(StudyRun run)
    {
        return
        [
            new Curve("Prompt length", "prompts before a layer", Logarithmic: true,
            [
                new Series("VPT-shallow", [.. Catalogue.ShallowLengths.Select(p => At(p.Length, p.Protocol, Catalogue.VptShallow))]),
                new Series("VPT-deep", [.. Catalogue.DeepLengths.Select(p => At(p.Length, p.Protocol, Catalogue.VptDeep))]),
            ]),
            new Curve("Prompt depth", "prompted layers", Logarithmic: false,
            [
                new Series("the first layers", [.. Catalogue.FirstLayers.Select(p => At(p.Layers, p.Protocol, Catalogue.VptDeep))]),
                new Series("the last layers", [.. Catalogue.LastLayers.Select(p => At(p.Layers, p.Protocol, Catalogue.VptDeep))]),
            ]),
            new Curve("Share of the training images", "% of the training images", Logarithmic: true,
            [
                .. Catalogue.Followed.Select(m => new Series(m.Name, [.. Catalogue.Fractions.Select(f => At(100 * f, m, m, f))])),
            ]),
        ];

        Point At(double x, Protocol protocol, Protocol row, double fraction = 1)
        {
            // Shallow prompts are deep ones before one layer, with settings of their own.
            bool isRow = fraction == 1 && Catalogue.Methods.Contains(protocol);
            Protocol settled = isRow ? protocol : protocol.With(run.Run(row, StudyTask.Digits));
            return new(x, run.Run(settled, StudyTask.Digits, fraction));
        }
    }
}
