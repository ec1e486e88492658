using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a Swin transformer's preset and defaults, and checks that stages, heads, windows and image fit each other.</summary>
internal static class SwinRules
{
    /// <summary>More would make the first stage's grid 2¹⁵ times as large as the last one's.</summary>
    private const int MaxStages = 16;

    /// <summary>The backbone, or null when problems were added.</summary>
    public static SwinSpec? Resolve(DeclaredAttribute swin, List<Problem> problems)
    {
        int before = problems.Count;
        SwinAttribute? preset = swin.Choice<SwinSize>("Size", problems) is { } size ? new(size) : null;
        SwinAttribute usual = preset ?? new();
        foreach (DeclaredArgument argument in swin.Arguments)
        {
            if (argument.Name != "Size" && argument.Number is < 1)
                problems.Add(Problems.NotPositive(swin.Locate(argument.Name), argument.Name, argument.Number.Value));
        }

        EquatableArray<int>? depths = Stages(swin, "Depths", usual.Depths, problems), heads = Stages(swin, "Heads", usual.Heads, problems);
        int? width = swin.Number("Width") ?? preset?.Width;
        if (swin.Number("Size") is null)
            CheckStated(swin, problems);
        if (problems.Count > before || width is null || depths is null || heads is null)
            return null;
        if (depths.Count != heads.Count)
        {
            problems.Add(Problems.StagesDiffer(swin.Locate("Depths", "Heads"), depths.Count, heads.Count));
            return null;
        }

        var spec = new SwinSpec(
            swin.Number("Image") ?? usual.Image,
            swin.Number("Channels") ?? usual.Channels,
            swin.Number("Patch") ?? usual.Patch,
            width.Value,
            depths,
            heads,
            swin.Number("Window") ?? usual.Window);
        if (TooLarge(spec, swin) is { } tooLarge)
            problems.Add(tooLarge);
        else
            CheckStages(spec, swin, problems);
        return problems.Count > before ? null : spec;
    }

    private static void CheckStated(DeclaredAttribute swin, List<Problem> problems)
    {
        string[] missing = [.. new[] { "Width", "Depths", "Heads" }.Where(name => swin.Number(name) is null && swin.Text(name) is null)];
        if (missing.Length > 0)
            problems.Add(Problems.StagesMissing(swin.Locate(), string.Join(", ", missing)));
    }

    /// <summary>A number for each stage, from a list with commas; the preset's where nothing is written.</summary>
    private static EquatableArray<int>? Stages(DeclaredAttribute swin, string name, string? preset, List<Problem> problems)
    {
        if ((swin.Text(name) ?? preset) is not { } text)
            return null;
        var numbers = new List<int>();
        foreach (string item in text.Split(','))
        {
            if (!int.TryParse(item.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
            {
                problems.Add(Problems.StageListUnreadable(swin.Locate(name), name, text, $"because '{item.Trim()}' is no positive number"));
                return null;
            }

            numbers.Add(number);
        }

        if (numbers.Count <= MaxStages)
            return numbers.ToEquatableArray();
        problems.Add(Problems.StageListUnreadable(swin.Locate(name), name, text, $"because it has more than {MaxStages} stages"));
        return null;
    }

    private static Problem? TooLarge(SwinSpec swin, DeclaredAttribute attribute)
    {
        double layers = swin.Depths.Sum(d => (double)d);
        if (layers > SizeLimits.MaxLayers)
            return Problems.TooLarge(attribute.Locate("Depths"), layers, "layers", SizeLimits.MaxLayers, "make Depths smaller");
        double width = swin.Width * Math.Pow(2, swin.Depths.Count + 1);
        if (width > SizeLimits.MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("Width", "Depths"), width, "numbers in a token", SizeLimits.MaxFloats, "make Width smaller");
        }

        double image = swin.Channels * swin.Image.Area;
        if (image > SizeLimits.MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("Image", "Channels"), image, "numbers in an image", SizeLimits.MaxFloats, "make Image smaller");
        }

        double parameters = swin.ParameterCount;
        if (parameters > SizeLimits.MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("Width", "Depths", "Window", "Patch"), parameters, "backbone parameters", SizeLimits.MaxFloats,
                "make Width or Depths smaller");
        }

        double activation = swin.WidestActivation(promptTokens: 0);
        return activation > SizeLimits.MaxFloats
            ? Problems.TooLarge(
                attribute.Locate("Patch", "Image", "Width"),
                activation,
                "activations of one image in a layer",
                SizeLimits.MaxFloats,
                "make Patch larger or Image smaller")
            : null;
    }

    private static void CheckStages(SwinSpec swin, DeclaredAttribute attribute, List<Problem> problems)
    {
        if (!swin.Image.IsMultipleOf(swin.Patch))
        {
            problems.Add(Problems.ImageNotDivisible(
                attribute.Locate("Image", "Patch"), swin.Image, swin.Patch, $"{new Multiples(swin.Image.Height, swin.Patch)}",
                Remedy.MakeDivisible(attribute, ["Image"], swin.Image.Height, ["Patch"], swin.Patch)));
            return;
        }

        for (int stage = 0; stage < swin.Depths.Count; stage++)
        {
            int width = swin.StageWidth(stage), heads = swin.Heads[stage], side = swin.Side(stage);
            if (width % heads != 0)
            {
                problems.Add(Problems.WidthNotDivisible(
                    attribute.Locate("Heads", "Width"), width, heads, $"{new Multiples(width, heads)}"));
            }

            if (!swin.HasWholeWindows(stage))
            {
                problems.Add(Problems.WindowsDoNotFit(
                    attribute.Locate("Window", "Image", "Patch"), stage, side, swin.Window, FittingImages(swin)));
                return;
            }

            if (!swin.CanBeHalved(stage))
            {
                problems.Add(Problems.GridCannotBeHalved(attribute.Locate("Image", "Patch", "Depths"), stage, side, FittingImages(swin)));
                return;
            }
        }
    }

    /// <summary>Image sizes that fit every stage whatever its grid.</summary>
    private static string FittingImages(SwinSpec swin)
    {
        long step = (long)swin.Patch * swin.Window << (swin.Depths.Count - 1);
        return step > int.MaxValue ? "smaller than that" : $"of {new Multiples(swin.Image.Height, (int)step)}";
    }
}
