using System.Globalization;

namespace VptDsl.Data.Pixels;

/// <summary>Reads an <see cref="ImagePipeline"/> from its text form.</summary>
internal static class PipelineText
{
    /// <summary>How a pipeline's text begins that turns images as their orientation says; older texts have no such word.</summary>
    public const string Upright = "upright";

    private const int LongestText = 4096;

    /// <summary>Reads a pipeline.</summary>
    /// <exception cref="FormatException">The text is not one's.</exception>
    public static ImagePipeline Parse(string text)
    {
        if (text.Length > LongestText)
            throw new FormatException($"A pipeline's text has at most {LongestText} characters, not {text.Length}.");
        string[] steps = text.Split('|', StringSplitOptions.TrimEntries);
        try
        {
            return steps[..^1].Aggregate(new ImagePipeline(ParseNormalization(steps[^1])), Add);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"\"{text}\" is no pipeline: {e.Message}", e);
        }
    }

    private static ImagePipeline Add(ImagePipeline pipeline, string step) => step.Split(' ') switch
    {
        [Upright] => pipeline.Upright(),
        ["resize-short-side", var size, var how] => pipeline.ResizeShortSide(Side(step, size), Kind(step, how)),
        ["resize", var size, var how] => pipeline.Resize(Size(step, size), Kind(step, how)),
        ["center-crop", var size] => pipeline.CenterCrop(Size(step, size)),
        ["random-crop", var size] => pipeline.RandomCrop(Size(step, size)),
        ["random-flip", var probability] => pipeline.RandomFlip(Number(step, probability)),
        ["random-resized-crop", var size, var how, "scale", var least, var most, "ratio", var narrowest, var widest] =>
            pipeline.RandomResizedCrop(
                Size(step, size), Number(step, least), Number(step, most), Number(step, narrowest), Number(step, widest), Kind(step, how)),
        ["color-jitter", "brightness", var brightness, "contrast", var contrast, "saturation", var saturation, "hue", var hue] =>
            pipeline.ColorJitter(Number(step, brightness), Number(step, contrast), Number(step, saturation), Number(step, hue)),
        ["rand-augment", var operations, var magnitude, "of", var bins] =>
            pipeline.RandAugment(Whole(step, operations), Whole(step, magnitude), Whole(step, bins)),
        ["trivial-augment-wide", "of", var bins] => pipeline.TrivialAugmentWide(Whole(step, bins)),
        _ => throw Unknown(step),
    };

    private static Normalization ParseNormalization(string step)
    {
        const string start = "normalize ";
        string[] halves = step.StartsWith(start, StringComparison.Ordinal) ? step[start.Length..].Split(" / ") : [];
        if (halves is not [var means, var deviations])
            throw new FormatException($"A pipeline's text ends with \"normalize means / deviations\", not with \"{step}\".");
        return new Normalization(Numbers(step, means), Numbers(step, deviations));
    }

    private static float[] Numbers(string step, string list) => [.. list.Split(' ').Select(number => Number(step, number))];

    private static float Number(string step, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : throw Unknown(step);

    private static int Whole(string step, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Unknown(step);

    private static int Side(string step, string text) =>
        Size(step, text) is { IsSquare: true, Height: var side } ? side : throw Unknown(step);

    private static PlaneSize Size(string step, string text) => PlaneSize.TryParse(text, out PlaneSize size) ? size : throw Unknown(step);

    private static Interpolation Kind(string step, string text) => text switch
    {
        "bilinear" => Interpolation.Bilinear,
        "bicubic" => Interpolation.Bicubic,
        "legacy-bilinear" => Interpolation.LegacyBilinear,
        _ => throw Unknown(step),
    };

    private static FormatException Unknown(string step) => new(
        $"\"{step}\" is no step of a pipeline; steps are upright, resize-short-side, resize (a size and bilinear, bicubic or " +
        "legacy-bilinear), center-crop, random-crop (a size), random-flip (a probability), random-resized-crop, color-jitter, " +
        "rand-augment and trivial-augment-wide, each as ImagePipeline.ToString writes it.");
}
