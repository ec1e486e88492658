using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Declarations;

/// <summary>Tiny convolutional networks drawn at random, with and without pixels around the image or channels beside its colours.</summary>
internal static class RandomConvolutions
{
    public static ModelSpec Draw(Random random, int seed)
    {
        BackboneSpec backbone = random.Next(2) == 0 ? ConvNeXt(random) : ResNet(random);
        PixelStart start = backbone.Channels == 3 && random.Next(2) == 0 ? PixelStart.Colours : PixelStart.Normal;
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            backbone,
            random.Next(3) == 0 ? null : Prompts(random.Next(1, 4), start, seed),
            new ClassifierHeadSpec(Classes: random.Next(2, 6)),
            random.Next(3) == 0 ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    private static PromptSpec Prompts(int number, PixelStart start, int seed) =>
        seed % 2 == 0 ? new ChannelPromptSpec(number) : new PadPromptSpec(number, start);

    private static ConvNeXtSpec ConvNeXt(Random random) =>
        new(ConvNeXtSpec.SmallestImage + random.Next(3), random.Next(1, 4), Stages(random, 1, 3), Stages(random, 6, 10));

    // Patches are joined with their products from 16 channels on.
    private static ResNetSpec ResNet(Random random)
    {
        int least = random.Next(3) == 0 ? 16 : 2;
        return new(
            random.Next(5, 12), random.Next(1, 4), random.Next(3, 6), Stages(random, 1, 3), Stages(random, least, least + 2),
            random.Next(1, 3));
    }

    private static EquatableArray<int> Stages(Random random, int least, int end) =>
        EquatableArray.Of([random.Next(least, end), random.Next(least, end), random.Next(least, end), random.Next(least, end)]);
}
