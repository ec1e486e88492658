namespace VptDsl.EndToEnd.Models;

// One declaration for each golden case of a convolutional network.

[ConvNeXt(Image = 32, Depths = "1,1,2,1", Widths = "8,12,16,28")]
[LinearHead(Classes = 5)]
internal sealed partial class ConvNeXtLinear;

[ConvNeXt(Image = 32, Depths = "1,1,2,1", Widths = "8,12,16,28")]
[PadPrompt(Pixels = 3, Start = PixelStart.Normal)]
[LinearHead(Classes = 5)]
internal sealed partial class ConvNeXtPadGaussian;

[ConvNeXt(Image = 32, Depths = "1,1,2,1", Widths = "8,12,16,28")]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class ConvNeXtEnd2end;

[ResNet(Image = 32, Stem = 8, Depths = "1,2,1,1", Widths = "4,6,12,20")]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetLinear;

[ResNet(Image = 32, Stem = 8, Depths = "1,2,1,1", Widths = "4,6,12,20")]
[PadPrompt(Pixels = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetPad;

[ResNet(Image = 32, Stem = 8, Depths = "1,2,1,1", Widths = "4,6,12,20")]
[PadPrompt(Pixels = 3, Start = PixelStart.Normal)]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetPadGaussian;

[ConvNeXt(Image = 32, Depths = "1,1,2,1", Widths = "8,12,16,28")]
[TrainLastLayers(1)]
[LinearHead(Classes = 5)]
internal sealed partial class ConvNeXtPartial0;

[ResNet(Image = 32, Stem = 8, Depths = "1,2,1,1", Widths = "4,6,12,20")]
[TrainLastLayers(1)]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetPartial1;

[ResNet(Image = 32, Stem = 64, Depths = "1,1,1,1", Widths = "4,6,8,12")]
[ChannelPrompt(Channels = 2)]
[LinearHead(Classes = 5)]
internal sealed partial class ResNetBelow;

/// <summary>Finds the declaration of a golden case of a convolutional network.</summary>
internal static class ConvolutionalGoldenModels
{
    public static bool IsOne(string name) =>
        name.StartsWith("convnext", StringComparison.Ordinal) || name.StartsWith("resnet", StringComparison.Ordinal);

    public static Tuner Load(string name, Device device, string backbone) => name switch
    {
        "convnext_linear" => ConvNeXtLinear.Load(device, backbone),
        "convnext_pad_gaussian" => ConvNeXtPadGaussian.Load(device, backbone),
        "convnext_end2end" => ConvNeXtEnd2end.Load(device, backbone),
        "resnet_linear" => ResNetLinear.Load(device, backbone),
        "resnet_pad" => ResNetPad.Load(device, backbone),
        "resnet_pad_gaussian" => ResNetPadGaussian.Load(device, backbone),
        "convnext_partial0" => ConvNeXtPartial0.Load(device, backbone),
        "resnet_below" => ResNetBelow.Load(device, backbone),
        "resnet_partial1" => ResNetPartial1.Load(device, backbone),
        _ => throw new ArgumentException($"No declaration for {name}.", nameof(name)),
    };
}
