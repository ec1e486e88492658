namespace VptDsl.EndToEnd.Models;

// One declaration for each golden case of CLIP and DINOv2.

[Vit(
    Image = 25, Patch = 5, Width = 35, Layers = 2, Heads = 5, Mlp = 120,
    Epsilon = 1e-5, Activation = ActivationKind.QuickGelu, PreNorm = true)]
[LinearHead(Classes = 7)]
internal sealed partial class ClipLinear;

[Vit(
    Image = 28, Patch = 7, Width = 30, Layers = 2, Heads = 3, Mlp = 120,
    Epsilon = 1e-5, Activation = ActivationKind.QuickGelu, PreNorm = true)]
[ShallowPrompt(Tokens = 6)]
[LinearHead(Classes = 5)]
internal sealed partial class ClipShallow;

[Vit(
    Image = 24, Patch = 8, Width = 36, Layers = 3, Heads = 4, Mlp = 140,
    Epsilon = 1e-5, Activation = ActivationKind.QuickGelu, PreNorm = true)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 6)]
internal sealed partial class ClipDeep;

[Vit(
    Image = 21, Patch = 7, Width = 24, Layers = 2, Heads = 4, Mlp = 80,
    Epsilon = 1e-5, Activation = ActivationKind.QuickGelu, PreNorm = true)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class ClipEnd2end;

[Vit(Image = 24, Patch = 8, Width = 30, Layers = 3, Heads = 5, Mlp = 110, LayerScale = true)]
[LinearHead(Classes = 9)]
internal sealed partial class DinoV2Linear;

[Vit(Image = 24, Patch = 6, Width = 28, Layers = 3, Heads = 4, Mlp = 100, LayerScale = true)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV2Shallow;

[Vit(Image = 28, Patch = 7, Width = 36, Layers = 3, Heads = 3, Mlp = 144, LayerScale = true)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 7)]
internal sealed partial class DinoV2Deep;

[Vit(Image = 21, Patch = 7, Width = 30, Layers = 3, Heads = 3, Mlp = 96, LayerScale = true)]
[TrainBiases]
[LinearHead(Classes = 6)]
internal sealed partial class DinoV2Bias;

/// <summary>Finds the declaration of a golden case of a later vision transformer.</summary>
internal static class LaterVitGoldenModels
{
    /// <returns>The model; null where the case is none of these.</returns>
    public static Tuner? Load(string name, Device device, string backbone) => name switch
    {
        "clip_linear" => ClipLinear.Load(device, backbone),
        "clip_shallow" => ClipShallow.Load(device, backbone),
        "clip_deep" => ClipDeep.Load(device, backbone),
        "clip_end2end" => ClipEnd2end.Load(device, backbone),
        "dinov2_linear" => DinoV2Linear.Load(device, backbone),
        "dinov2_shallow" => DinoV2Shallow.Load(device, backbone),
        "dinov2_deep" => DinoV2Deep.Load(device, backbone),
        "dinov2_bias" => DinoV2Bias.Load(device, backbone),
        _ => null,
    };
}
