using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A ConvNeXt of four stages.</summary>
/// <param name="Image">The size of an image in pixels, a square.</param>
/// <param name="Channels">Colour channels of an image.</param>
/// <param name="Depths">The blocks of each stage.</param>
/// <param name="Widths">The channels of each stage.</param>
internal sealed record ConvNeXtSpec(PlaneSize Image, int Channels, EquatableArray<int> Depths, EquatableArray<int> Widths)
    : BackboneSpec(Image, Channels)
{
    /// <summary>The side of the stem's patches.</summary>
    public const int Patch = 4;

    /// <summary>The side of the depth-wise kernels.</summary>
    public const int Kernel = 7;

    /// <summary>The least image of which something is left in the last stage.</summary>
    public const int SmallestImage = 32;

    /// <summary>What normalisations add to a variance.</summary>
    public const double Epsilon = 1e-6;

    private const int MlpRatio = 4;

    public override int Layers { get; init; } = (int)Math.Min(int.MaxValue, Depths.Sum(d => (long)d));

    public override int FeatureWidth => Widths[Widths.Count - 1];

    public override PromptKinds Prompts => PromptKinds.Channels | PromptKinds.Pixels;

    public override StemSpec Stem => new(Patch, Patch, Widths[0], EquatableArray.Of("downsample_layers.0"));

    public override string Identity =>
        $"convnext(image={Image},channels={Channels},depths={string.Join("+", Depths)},widths={string.Join("+", Widths)})";

    public override BackboneTraits Traits => new(EquatableArray<int>.Empty, Epsilon, "gelu");

    public override double ParameterCount
    {
        get
        {
            double count = ((Channels * (double)Patch * Patch) + 3) * Widths[0];
            for (int stage = 0; stage < Depths.Count; stage++)
            {
                double width = Widths[stage];
                if (stage > 0)
                    count += (2 * (double)Widths[stage - 1]) + (((4 * (double)Widths[stage - 1]) + 1) * width);
                count +=
                    Depths[stage] * (((Kernel * Kernel) + 1 + 2 + 1) * width + (2 * MlpRatio * width * width) + ((MlpRatio + 1) * width));
            }

            return count + (2.0 * FeatureWidth);
        }
    }

    public override int? LayerOf(string parameter)
    {
        string[] words = parameter.Split('.');
        if (words[0] == "norm")
            return Layers;
        if (words[0] is not ("stages" or "downsample_layers"))
            return null;
        int stage = int.Parse(words[1], CultureInfo.InvariantCulture), first = Depths.Take(stage).Sum();

        // What leads to a stage goes with the last block before it; nothing is before the stem.
        return words[0] == "stages" ? first + int.Parse(words[2], CultureInfo.InvariantCulture) : stage == 0 ? null : first - 1;
    }

    public override string Describe() =>
        $"ConvNeXt of {string.Join(", ", Depths)} blocks {string.Join(", ", Widths)} wide on {Image}-pixel images";

    public override double WidestActivation(int promptTokens)
    {
        double side = Image.Height / Patch, widest = 0;
        for (int stage = 0; stage < Depths.Count; stage++, side = Math.Floor(side / 2))
            widest = Math.Max(widest, side * side * MlpRatio * Widths[stage]);
        return widest;
    }
}
