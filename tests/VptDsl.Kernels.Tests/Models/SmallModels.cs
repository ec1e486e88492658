using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>A small model of every other architecture, everything trained so that each gradient has its kernel.</summary>
/// <remarks>Wide enough for tiles of users' sizes, and small in layers: equal layers share their kernels.</remarks>
internal static class SmallModels
{
    private const int Classes = 10;

    public static readonly ModelSpec[] Specs =
    [
        Spec("Swin", new SwinSpec(56, 3, 4, 48, EquatableArray.Of(2, 1), EquatableArray.Of(2, 4), 7), DeepTokens(3)),
        Spec(
            "ConvNeXt",
            new ConvNeXtSpec(64, 3, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(24, 48, 96, 192)),
            new PadPromptSpec(16, PixelStart.Colours)),
        Spec(
            "ResNet",
            new ResNetSpec(64, 3, 16, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(16, 32, 64, 128), 4),
            new PadPromptSpec(5, PixelStart.Normal)),
        Spec("Segmenter", new VitSpec(64, 3, 16, 96, 4, 3, 384), DeepTokens(4)) with
        {
            Head = new SegmentationHeadSpec(Classes, SetrDecoder.Mla, Width: 32, Ignored: 255),
        },
    ];

    private static ModelSpec Spec(string name, BackboneSpec backbone, PromptSpec prompts) =>
        new(new("Emitted.Small", name, "public"), backbone, prompts, new ClassifierHeadSpec(Classes), TrainedSet.Everything);

    private static TokenPromptSpec DeepTokens(int layers) =>
        new(Tokens: 5, Enumerable.Range(0, layers).ToEquatableArray(), PromptFlow.Carry);
}
