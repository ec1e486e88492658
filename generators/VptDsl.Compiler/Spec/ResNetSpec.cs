using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A residual network of four stages, with batch normalisation by frozen statistics.</summary>
/// <param name="Image">The size of an image in pixels, a square.</param>
/// <param name="Channels">Colour channels of an image.</param>
/// <param name="StemWidth">The channels of the first convolution.</param>
/// <param name="Depths">The blocks of each stage.</param>
/// <param name="Widths">The channels inside the blocks of each stage.</param>
/// <param name="Expansion">How many times as wide a block's output is; 1 for blocks of two 3×3 convolutions, more for bottlenecks.</param>
internal sealed record ResNetSpec(
    PlaneSize Image, int Channels, int StemWidth, EquatableArray<int> Depths, EquatableArray<int> Widths, int Expansion)
    : BackboneSpec(Image, Channels)
{
    /// <summary>What normalisations add to a variance.</summary>
    public const double Epsilon = 1e-5;

    public override int Layers { get; init; } = (int)Math.Min(int.MaxValue, Depths.Sum(d => (long)d));

    public override int FeatureWidth => Widths[Widths.Count - 1] * Expansion;

    public override PromptKinds Prompts => PromptKinds.Channels | PromptKinds.Pixels;

    public override StemSpec Stem => new(7, 2, StemWidth, EquatableArray.Of("conv1", "bn1"));

    public bool HasBottlenecks => Expansion > 1;

    public override string Identity =>
        $"resnet(image={Image},channels={Channels},stem={StemWidth},depths={string.Join("+", Depths)},"
            + $"widths={string.Join("+", Widths)},expansion={Expansion})";

    public override BackboneTraits Traits => new(EquatableArray<int>.Empty, Epsilon, "relu");

    /// <summary>Four numbers of each normalisation are counted, its statistics too.</summary>
    public override double ParameterCount
    {
        get
        {
            const double norm = 4;
            double count = ((Channels * 49.0) + norm) * StemWidth, input = StemWidth;
            for (int stage = 0; stage < Depths.Count; stage++)
            {
                double width = Widths[stage], output = width * Expansion;
                for (int block = 0; block < Math.Min(Depths[stage], 2); block++)
                {
                    double inBlock = HasBottlenecks
                        ? ((input + norm) * width) + (((9 * width) + norm) * width) + ((width + norm) * output)
                        : (((9 * input) + norm) * width) + (((9 * width) + norm) * output);
                    double shortcut = HasShortcutConvolution(stage, block) ? (input + norm) * output : 0;
                    count += (inBlock + shortcut) * (block == 0 ? 1 : Depths[stage] - 1);
                    input = output;
                }
            }

            return count;
        }
    }

    /// <summary>The stride of a block: every stage but the first begins by halving the map.</summary>
    public static int StrideOf(int stage, int block) => stage > 0 && block == 0 ? 2 : 1;

    /// <summary>Whether a block's shortcut is a convolution, because its output has another shape than its input.</summary>
    public bool HasShortcutConvolution(int stage, int block) =>
        block == 0 && (stage > 0 || (long)StemWidth != (long)Widths[0] * Expansion);

    public override int? LayerOf(string parameter)
    {
        const string stage = "layer";
        string[] words = parameter.Split('.');
        return words[0].StartsWith(stage, StringComparison.Ordinal)
            ? Depths.Take(int.Parse(words[0].Substring(stage.Length), CultureInfo.InvariantCulture) - 1).Sum()
                + int.Parse(words[1], CultureInfo.InvariantCulture)
            : null;
    }

    public override string Describe() =>
        $"ResNet of {string.Join(", ", Depths)} {(HasBottlenecks ? "bottleneck" : "basic")} blocks on {Image}-pixel images";

    /// <summary>The windows of the first convolution, or those of a stage's 3×3 ones, or a block's output.</summary>
    public override double WidestActivation(int promptTokens)
    {
        double side = Math.Ceiling(Image.Height / 2.0), widest = side * side * Math.Max(Channels * 49.0, StemWidth);
        side = Math.Ceiling(side / 2);
        for (int stage = 0; stage < Depths.Count; stage++)
        {
            if (stage > 0)
                side = Math.Ceiling(side / 2);
            widest = Math.Max(widest, side * side * Math.Max(9.0 * Widths[stage], (double)Widths[stage] * Expansion));
        }

        return widest;
    }
}
