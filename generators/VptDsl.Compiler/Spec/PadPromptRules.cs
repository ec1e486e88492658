namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of learned borders and checks that they fit the images.</summary>
internal static class PadPromptRules
{
    private const int DefaultPixels = 5;
    private const int Colours = 3;

    /// <summary>Whether the backbone can take prompts of this kind; adds a problem where it cannot.</summary>
    public static bool Fits(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        bool ofPixels = prompts.Kind == AttributeKind.PadPrompt, takesPixels = backbone is ConvNeXtSpec or ResNetSpec;
        bool ofVit = prompts.Kind is AttributeKind.AddedPrompt or AttributeKind.PixelPrompt or AttributeKind.ChannelPrompt
            || (prompts.Number("Projection") ?? 0) != 0 || prompts.Number("Shared") == 1;
        if (backbone is null or VitSpec || (ofPixels == takesPixels && !ofVit))
            return true;
        problems.Add(Problems.PromptsDoNotFit(prompts.Kind.ToString(), backbone.Describe(), takesPixels ? "[PadPrompt]" : "[ShallowPrompt] or [DeepPrompt]"));
        return false;
    }

    /// <summary>The prompts, or null when problems were added or the backbone is unknown.</summary>
    public static PadPromptSpec? Resolve(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        int before = problems.Count;
        int pixels = prompts.Number("Pixels") ?? DefaultPixels;
        var start = (PixelStart)(prompts.Number("Start") ?? 0);
        if (pixels < 1)
            problems.Add(Problems.NotPositive(prompts.Locate("Pixels"), "Pixels", pixels));
        if (start is not (PixelStart.Colours or PixelStart.Normal))
        {
            problems.Add(Problems.UnknownValue(
                prompts.Locate("Start"), "PixelStart", (int)start, "PixelStart.Colours or PixelStart.Normal"));
        }

        if (backbone is null || problems.Count > before)
            return null;
        if (pixels > backbone.Image)
        {
            problems.Add(Problems.TooLarge(
                prompts.Locate("Pixels"), pixels, "pixels on each side", backbone.Image, "use no more Pixels than the image has"));
        }
        else if ((backbone with { Image = backbone.Image + (2 * pixels) }).WidestActivation(0) is var activation && activation > SizeLimits.MaxFloats)
        {
            problems.Add(Problems.TooLarge(
                prompts.Locate("Pixels"), activation, "activations of one image in a layer", SizeLimits.MaxFloats, "use fewer Pixels"));
        }

        if (backbone is VitSpec { Patch: var patch } && (backbone.Image + (2 * pixels)) % patch != 0)
        {
            int side = backbone.Image + (2 * pixels);
            problems.Add(Problems.PaddedImageNotDivisible(prompts.Locate("Pixels"), side, patch, Borders(backbone.Image, patch, pixels)));
        }

        if (start == PixelStart.Colours && backbone.Channels != Colours)
            problems.Add(Problems.NoColours(prompts.Locate("Start"), backbone.Channels));
        return problems.Count > before ? null : new PadPromptSpec(pixels, start);
    }

    /// <summary>The borders around a number of pixels that make an image divisible by the patch, as words.</summary>
    private static string Borders(int image, int patch, int pixels)
    {
        int[] fitting = [.. Enumerable.Range(1, pixels + patch).Where(p => (image + (2 * p)) % patch == 0)];
        return fitting.Length == 0 ? "another backbone" : string.Join(" or ", fitting.OrderBy(p => Math.Abs(p - pixels)).Take(2).OrderBy(p => p).Select(p => $"Pixels = {p}"));
    }
}
