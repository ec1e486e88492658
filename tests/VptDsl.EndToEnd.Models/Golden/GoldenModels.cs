namespace VptDsl.EndToEnd.Models;

// One declaration for each golden case, as its case.json describes it.

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[LinearHead(Classes = 5)]
internal sealed partial class VitLinear;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitShallow;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96)]
[DeepPrompt(Tokens = 1)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepP1;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96)]
[DeepPrompt(Tokens = 20)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepLong;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[DeepPrompt(Tokens = 4, Layers = "0")]
[LinearHead(Classes = 5)]
internal sealed partial class VitDepth1;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 4, Heads = 2, Mlp = 96)]
[DeepPrompt(Tokens = 4, Layers = "..1")]
[LinearHead(Classes = 5)]
internal sealed partial class VitDepthFirstK;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 4, Heads = 2, Mlp = 96)]
[DeepPrompt(Tokens = 4, Layers = "..1", After = PromptFlow.Drop)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDepthFirstKNoexpand;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 4, Heads = 2, Mlp = 96)]
[DeepPrompt(Tokens = 4, Layers = "^2..")]
[LinearHead(Classes = 5)]
internal sealed partial class VitDepthLastKReverseInserted;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class VitEnd2end;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepAdamw;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 3, Mlp = 96)]
[TrainLastLayers(1)]
[LinearHead(Classes = 5)]
internal sealed partial class VitPartial1;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[TrainBiases]
[LinearHead(Classes = 5)]
internal sealed partial class VitBias;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[TrainClassToken]
[LinearHead(Classes = 5)]
internal sealed partial class VitCls;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[DeepPrompt(Tokens = 4)]
[TrainClassToken]
[LinearHead(Classes = 5)]
internal sealed partial class VitClsPrompt;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[DeepPrompt(Tokens = 4)]
[TrainBiases]
[LinearHead(Classes = 5)]
internal sealed partial class VitPromptBias;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[DeepPrompt(Tokens = 4, Frozen = true)]
[LinearHead(Classes = 5)]
internal sealed partial class VitPromptNoupdate;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitNpzPosResize;

/// <summary>Finds the declaration of a golden case.</summary>
internal static class GoldenModels
{
    public static Tuner Load(string name, Device device, string backbone) => FamilyGoldenModels.Load(name, device, backbone) ?? name switch
    {
        "vit_linear" => VitLinear.Load(device, backbone),
        "vit_shallow" => VitShallow.Load(device, backbone),
        "vit_deep_p1" => VitDeepP1.Load(device, backbone),
        "vit_deep_long" => VitDeepLong.Load(device, backbone),
        "vit_depth_1" => VitDepth1.Load(device, backbone),
        "vit_depth_first_k" => VitDepthFirstK.Load(device, backbone),
        "vit_depth_first_k_noexpand" => VitDepthFirstKNoexpand.Load(device, backbone),
        "vit_depth_last_k_reverse_inserted" => VitDepthLastKReverseInserted.Load(device, backbone),
        "vit_end2end" => VitEnd2end.Load(device, backbone),
        "vit_deep_adamw" => VitDeepAdamw.Load(device, backbone),
        "vit_partial1" => VitPartial1.Load(device, backbone),
        "vit_bias" => VitBias.Load(device, backbone),
        "vit_cls" => VitCls.Load(device, backbone),
        "vit_cls_prompt" => VitClsPrompt.Load(device, backbone),
        "vit_prompt_bias" => VitPromptBias.Load(device, backbone),
        "vit_npz_pos_resize" => VitNpzPosResize.Load(device, backbone),
        "vit_prompt_noupdate" => VitPromptNoupdate.Load(device, backbone),
        _ when name.StartsWith("swin", StringComparison.Ordinal) => SwinGoldenModels.Load(name, device, backbone),
        _ => ProtocolGoldenModels.Load(name, device, backbone) ?? LaterVitGoldenModels.Load(name, device, backbone)
            ?? ConvolutionalGoldenModels.Load(name, device, backbone),
    };
}
