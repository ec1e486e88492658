using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>
/// A Swin transformer: stages of blocks that attend inside windows, each half as long and twice as wide as the one before.
/// </summary>
/// <param name="Image">The size of an image in pixels, a square.</param>
/// <param name="Channels">Colour channels of an image.</param>
/// <param name="Patch">Height and width of a patch in pixels.</param>
/// <param name="Width">The width of a token in the first stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Heads">Attention heads of each stage.</param>
/// <param name="Window">Tokens on a side of a window.</param>
internal sealed record SwinSpec(
    PlaneSize Image, int Channels, int Patch, int Width, EquatableArray<int> Depths, EquatableArray<int> Heads, int Window)
    : BackboneSpec(Image, Channels)
{
    /// <summary>An MLP is so many times as wide as its tokens.</summary>
    public const int MlpRatio = 4;

    /// <summary>What normalisations add to a variance.</summary>
    public const double Epsilon = 1e-5;

    public override int Layers
    {
        get => Depths.Sum();
        init => throw new NotSupportedException("A Swin transformer has as many layers as its stages have blocks.");
    }

    public override int FeatureWidth => StageWidth(Depths.Count - 1);

    public override PromptKinds Prompts => PromptKinds.Tokens | PromptKinds.Added | PromptKinds.Channels | PromptKinds.Pixels;

    public override StemSpec Stem => new(Patch, Patch, Width, EquatableArray.Of("patch_embed"));

    public override string Identity =>
        $"swin(image={Image},channels={Channels},patch={Patch},width={Width},depths={string.Join("+", Depths)},"
            + $"heads={string.Join("+", Heads)},window={Window})";

    public override BackboneTraits Traits => new(Heads, Epsilon, "gelu");

    public override double ParameterCount
    {
        get
        {
            double count = ((Channels * (double)Patch * Patch) + 3) * Width;
            for (int stage = 0; stage < Depths.Count; stage++)
            {
                double width = StageWidth(stage), positions = Math.Pow((2.0 * StageWindow(stage)) - 1, 2);
                count += Depths[stage] * ((((4 + (2 * MlpRatio)) * width) + 9 + MlpRatio) * width);
                count += Depths[stage] * positions * Heads[stage];
                count += stage + 1 < Depths.Count ? 8 * width * (width + 1) : 2 * width;
            }

            return count;
        }
    }

    /// <summary>Tokens on a side of a stage's grid.</summary>
    public int Side(int stage) => Image.Height / Patch >> stage;

    public int StageWidth(int stage) => Width << stage;

    /// <summary>A grid no larger than a window is one window.</summary>
    public int StageWindow(int stage) => Math.Min(Side(stage), Window);

    public override int? LayerOf(string parameter)
    {
        string[] words = parameter.Split('.');
        if (words[0] != "layers")
            return words[0] == "norm" ? Layers : null;
        int stage = int.Parse(words[1], CultureInfo.InvariantCulture), first = Depths.Take(stage).Sum();

        // What leads to the next stage goes with the last block before it.
        return first + (words[2] == "blocks" ? int.Parse(words[3], CultureInfo.InvariantCulture) : Depths[stage] - 1);
    }

    public override int WidthOf(int layer) => StageWidth(StageOf(layer));

    public override int TokensOf(int layer) => Side(StageOf(layer)) * Side(StageOf(layer));

    public override string? CannotCut(PlaneSize image)
    {
        SwinSpec other = this with { Image = image };
        bool fits = image.IsMultipleOf(Patch)
            && Enumerable.Range(0, Depths.Count).All(stage => other.HasWholeWindows(stage) && other.CanBeHalved(stage));
        return fits ? null : $"patches of {Patch} and windows of {Window} in each of {Depths.Count} stages";
    }

    /// <summary>Whether windows fill a stage's grid.</summary>
    public bool HasWholeWindows(int stage) => Side(stage) <= Window || Side(stage) % Window == 0;

    /// <summary>Whether a stage's grid can become that of the next stage, if there is one.</summary>
    public bool CanBeHalved(int stage) => stage + 1 == Depths.Count || Side(stage) % 2 == 0;

    public override string Describe() =>
        $"Swin transformer of width {Width} with {string.Join(", ", Depths)} blocks and {string.Join(", ", Heads)} heads in windows of "
            + $"{Window} × {Window} on {Image}-pixel images in {Patch}-pixel patches";

    public override double WidestActivation(int promptTokens) => Enumerable.Range(0, Depths.Count).Max(stage =>
    {
        double tokens = (Math.Pow(Side(stage), 2) + promptTokens) * MlpRatio * StageWidth(stage);

        // A prompt attends in every window, and has an output in each until they are averaged.
        double prompts = Math.Pow(Side(stage) / Math.Max(StageWindow(stage), 1), 2) * promptTokens * StageWidth(stage);
        return Math.Max(tokens, prompts);
    });

    private int StageOf(int layer)
    {
        int stage = 0;
        for (int end = Depths[0]; layer >= end; end += Depths[stage])
            stage++;
        return stage;
    }
}
