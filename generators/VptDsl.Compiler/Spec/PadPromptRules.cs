namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of learned borders and checks that they fit the images.</summary>
internal static class PadPromptRules
{
    private const int Colours = 3;

    private static readonly PadPromptAttribute Usual = new();

    /// <summary>The prompts, or null when problems were added or the backbone is unknown.</summary>
    public static PadPromptSpec? Resolve(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        int before = problems.Count;
        int pixels = prompts.Number("Pixels") ?? Usual.Pixels;
        PixelStart start = prompts.Choice<PixelStart>("Start", problems) ?? Usual.Start;
        if (pixels < 1)
            problems.Add(Problems.NotPositive(prompts.Locate("Pixels"), "Pixels", pixels));
        if (backbone is null || problems.Count > before)
            return null;
        PlaneSize padded = backbone.Image.Bordered(pixels);
        if (pixels > backbone.Image.Shorter)
        {
            problems.Add(Problems.TooLarge(
                prompts.Locate("Pixels"), pixels, "pixels on each side", backbone.Image.Shorter, "use no more Pixels than the image has"));
        }
        else if ((backbone with { Image = padded }).WidestActivation(0) is var activation
            && activation > SizeLimits.MaxFloats)
        {
            problems.Add(Problems.TooLarge(
                prompts.Locate("Pixels"), activation, "activations of one image in a layer", SizeLimits.MaxFloats, "use fewer Pixels"));
        }
        else if (backbone.CannotCut(padded) is { } parts)
        {
            problems.Add(Problems.PaddedImageNotDivisible(
                prompts.Locate("Pixels"), padded, parts, Borders(backbone, pixels)));
        }

        if (start == PixelStart.Colours && backbone.Channels != Colours)
            problems.Add(Problems.NoColours(prompts.Locate("Start"), backbone.Channels));
        return problems.Count > before ? null : new PadPromptSpec(pixels, start);
    }

    /// <summary>The borders around a number of pixels with which the backbone can cut an image, as words.</summary>
    private static string Borders(BackboneSpec backbone, int pixels)
    {
        int[] fitting = [.. Enumerable.Range(1, backbone.Image.Shorter).Where(p => backbone.CannotCut(backbone.Image.Bordered(p)) is null)];
        return fitting.Length == 0
            ? "another backbone"
            : string.Join(" or ", fitting.OrderBy(p => Math.Abs(p - pixels)).Take(2).OrderBy(p => p).Select(p => $"Pixels = {p}"));
    }
}
