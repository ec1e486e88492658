namespace VptDsl.EndToEnd.Models;

// The golden cases that stand for their family where not all of them run.

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeep;

[Swin(Image = 32, Patch = 2, Width = 6, Depths = "2,2,2,2", Heads = "1,2,3,4", Window = 4)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinDeep;

[ConvNeXt(Image = 32, Depths = "1,1,2,1", Widths = "8,12,16,28")]
[PadPrompt(Pixels = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class ConvNeXtPad;

[ResNet(Image = 32, Stem = 8, Depths = "1,2,1,1", Widths = "4,6,12,20")]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetEnd2end;

/// <summary>Finds the declaration of a golden case that stands for its family.</summary>
internal static class FamilyGoldenModels
{
    /// <summary>A case of each family of backbones.</summary>
    public static IReadOnlyList<string> Names { get; } = ["vit_deep", "swin_deep", "convnext_pad", "resnet_end2end"];

    /// <returns>The model; null where the case is none of these.</returns>
    public static Tuner? Load(string name, Device device, string backbone) => name switch
    {
        "vit_deep" or "vit_deep_class_weights" => VitDeep.Load(device, backbone),
        "swin_deep" => SwinDeep.Load(device, backbone),
        "convnext_pad" => ConvNeXtPad.Load(device, backbone),
        "resnet_end2end" => ResNetEnd2end.Load(device, backbone),
        _ => null,
    };
}
