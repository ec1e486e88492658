using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Reads what a backbone of four stages says of each of them: four positive numbers with commas between them.</summary>
internal static class StageRules
{
    private const int Stages = 4;

    /// <summary>The numbers; those of the preset where nothing is written, null where neither is there or a problem was added.</summary>
    public static EquatableArray<int>? Numbers(DeclaredAttribute attribute, string argument, string? preset, List<Problem> problems)
    {
        if ((attribute.Text(argument) ?? preset) is not { } text)
            return null;
        var numbers = new List<int>();
        foreach (string word in text.Split(','))
        {
            if (int.TryParse(word.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
                numbers.Add(number);
        }

        if (numbers.Count == Stages && text.Split(',').Length == Stages)
            return numbers.ToEquatableArray();
        problems.Add(Problems.StagesUnreadable(attribute.Locate(argument), argument, text));
        return null;
    }

    /// <summary>Whether no number of an attribute is less than 1; adds a problem for each that is.</summary>
    public static void CheckPositive(DeclaredAttribute attribute, List<Problem> problems)
    {
        foreach (DeclaredArgument argument in attribute.Arguments)
        {
            if (argument.Name != "Size" && argument.Number is < 1)
                problems.Add(Problems.NotPositive(attribute.Locate(argument.Name), argument.Name, argument.Number.Value));
        }
    }

    /// <summary>Adds a problem where a backbone without a preset leaves sizes open.</summary>
    public static void CheckStated(DeclaredAttribute attribute, string preset, List<Problem> problems)
    {
        string[] missing = [.. new[] { "Depths", "Widths" }.Where(name => attribute.Text(name) is null)];
        if (attribute.Number("Size") is null && missing.Length > 0)
            problems.Add(Problems.SizeMissing(attribute.Locate(), string.Join(", ", missing), attribute.Kind.ToString(), preset));
    }

    /// <summary>Adds a problem for what is too large to be addressed.</summary>
    public static void CheckLimits(BackboneSpec backbone, DeclaredAttribute attribute, List<Problem> problems)
    {
        double image = backbone.Channels * backbone.Image.Area;
        if (backbone.Layers > SizeLimits.MaxLayers)
        {
            Add(attribute.Locate("Depths"), backbone.Layers, "blocks", SizeLimits.MaxLayers, "make Depths smaller");
        }
        else if (image > SizeLimits.MaxFloats)
        {
            Add(attribute.Locate("Image", "Channels"), image, "numbers in an image", SizeLimits.MaxFloats, "make Image smaller");
        }
        else if (backbone.ParameterCount > SizeLimits.MaxFloats)
        {
            Add(
                attribute.Locate("Widths", "Depths"),
                backbone.ParameterCount,
                "backbone parameters",
                SizeLimits.MaxFloats,
                "make Widths or Depths smaller");
        }
        else if (backbone.WidestActivation(0) > SizeLimits.MaxFloats)
        {
            Add(
                attribute.Locate("Image", "Widths"),
                backbone.WidestActivation(0),
                "activations of one image in a layer",
                SizeLimits.MaxFloats,
                "make Image smaller");
        }

        void Add(SpecPart part, double count, string what, double limit, string remedy) =>
            problems.Add(Problems.TooLarge(part, count, what, limit, remedy));
    }
}
