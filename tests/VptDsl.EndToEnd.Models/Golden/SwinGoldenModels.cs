namespace VptDsl.EndToEnd.Models;

// One declaration for each golden case of a Swin transformer, as its case.json describes it.

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinLinear;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class SwinEnd2end;

[Swin(Image = 32, Patch = 4, Width = 6, Depths = "1,2,2,1", Heads = "1,2,2,3", Window = 4)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinDeepW4;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinShallow;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[TrainLastLayers(1)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinPartial1;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[TrainBiases]
[LinearHead(Classes = 5)]
internal sealed partial class SwinBias;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[AddedPrompt(PerToken = false)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinAdd1;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[ChannelPrompt(Channels = 2)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinBelow;

[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[PadPrompt(Pixels = 16)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinPad;

/// <summary>Finds the declaration of a golden case of a Swin transformer.</summary>
internal static class SwinGoldenModels
{
    public static Tuner Load(string name, Device device, string backbone) => name switch
    {
        "swin_linear" => SwinLinear.Load(device, backbone),
        "swin_end2end" => SwinEnd2end.Load(device, backbone),
        "swin_deep_w4" => SwinDeepW4.Load(device, backbone),
        "swin_shallow_b1" or "swin_shallow_per_sample" => SwinShallow.Load(device, backbone),
        "swin_partial1" => SwinPartial1.Load(device, backbone),
        "swin_bias" => SwinBias.Load(device, backbone),
        "swin_add1" => SwinAdd1.Load(device, backbone),
        "swin_below" => SwinBelow.Load(device, backbone),
        "swin_pad" => SwinPad.Load(device, backbone),
        _ => throw new ArgumentException($"No declaration for {name}.", nameof(name)),
    };
}
