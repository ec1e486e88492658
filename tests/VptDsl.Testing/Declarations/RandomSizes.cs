using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Declarations;

/// <summary>Declarations of one or two layers whose sizes are 1, primes, and what lies around the sides of tiles.</summary>
internal static class RandomSizes
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 13, 15, 16, 17, 31, 32, 33, 37];

    /// <summary>Columns of a head, of which its scores are sums.</summary>
    private static readonly int[] Heads = [4, 5, 7, 8, 15, 16, 17];

    /// <summary>The same seed always gives the same declaration; consecutive seeds go through the architectures.</summary>
    public static ModelSpec Draw(Random random, int seed) => (seed % 3) switch
    {
        0 => OfTokens(random, seed, Vit(random)),
        1 => OfPixels(random, seed, seed % 2 == 0 ? ConvNeXt(random) : ResNet(random)),
        _ => OfTokens(random, seed, Swin(random)),
    };

    private static ModelSpec OfTokens(Random random, int seed, BackboneSpec backbone)
    {
        var prompts = new TokenPromptSpec(One(random, Sizes), Enumerable.Range(0, backbone.Layers).ToEquatableArray(), PromptFlow.Carry);
        return Model(random, seed, backbone, prompts);
    }

    private static ModelSpec OfPixels(Random random, int seed, BackboneSpec backbone) =>
        Model(random, seed, backbone, new PadPromptSpec(random.Next(1, 4), PixelStart.Normal));

    private static ModelSpec Model(Random random, int seed, BackboneSpec backbone, PromptSpec prompts) => new(
        new("Drawn", $"Tuner{seed}", "public"),
        backbone,
        prompts,
        new ClassifierHeadSpec(Classes: 1 + One(random, Sizes)),
        random.Next(2) == 0 ? TrainedSet.Everything : TrainedSet.PromptsAndHead);

    private static VitSpec Vit(Random random)
    {
        int patch = random.Next(1, 4), heads = random.Next(1, 4);
        return new(
            patch * random.Next(1, 7), Channels: 3, patch, heads * One(random, Heads), Layers: random.Next(1, 3), heads,
            One(random, Sizes));
    }

    /// <remarks>The second block's windows are shifted.</remarks>
    private static SwinSpec Swin(Random random)
    {
        int patch = random.Next(1, 3), heads = random.Next(1, 3), window = random.Next(2, 5);
        return new(
            patch * window * 2, Channels: 3, patch, heads * One(random, Heads), EquatableArray.Of(2), EquatableArray.Of(heads), window);
    }

    /// <remarks>Few channels normalised by themselves leave too little to compare in floats.</remarks>
    private static ConvNeXtSpec ConvNeXt(Random random) =>
        new(ConvNeXtSpec.SmallestImage, Channels: 3, EquatableArray.Of(1, 1, 1, 1), Widths(random, 7));

    private static ResNetSpec ResNet(Random random) =>
        new(
            One(random, [7, 11, 16, 17]), Channels: 3, One(random, Sizes), EquatableArray.Of(1, 1, 1, 1), Widths(random, 1),
            random.Next(1, 3));

    private static EquatableArray<int> Widths(Random random, int least)
    {
        int[] sizes = [.. Sizes.Where(size => size >= least)];
        return EquatableArray.Of([One(random, sizes), One(random, sizes), One(random, sizes), One(random, sizes)]);
    }

    private static int One(Random random, int[] choices) => choices[random.Next(choices.Length)];
}
