namespace VptDsl.EndToEnd.Models;

// One declaration for each golden case of a later vision transformer.

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

[Vit(Image = 24, Patch = 8, Width = 33, Layers = 3, Heads = 3, Mlp = 120, Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 6)]
internal sealed partial class VitGapDeep;

[Vit(Image = 24, Patch = 6, Width = 36, Layers = 3, Heads = 4, Mlp = 120, QueryKeyNorm = true)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 7)]
internal sealed partial class VitQkNormDeep;

[Vit(Image = 24, Patch = 6, Width = 28, Layers = 2, Heads = 4, Mlp = 100)]
[TrainBiases]
[LinearHead(Classes = 5)]
internal sealed partial class VitBiasLater;

[Vit(Image = 32, Patch = 8, Width = 36, Layers = 3, Heads = 3, Mlp = 126, DistillationToken = true)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 6)]
internal sealed partial class DeiTDistilledDeep;

[Vit(
    Image = 21, Patch = 7, Width = 32, Layers = 3, Heads = 4, Mlp = 120,
    Positions = PositionEmbedding.LearnedOnPatches, LayerScale = true)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 8)]
internal sealed partial class DeiT3Deep;

[Vit(Image = 21, Patch = 7, Width = 26, Layers = 2, Heads = 2, Mlp = 96, LayerScale = true, Pool = TokenPool.ClassAndImage)]
[LinearHead(Classes = 6)]
internal sealed partial class DinoV2LinearClsMean;

[Vit(Image = 24, Patch = 6, Width = 36, Layers = 3, Heads = 3, Mlp = 96, MlpForm = MlpForm.Gated, LayerScale = true)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV2GiantDeep;

[Vit(
    Image = 21, Patch = 7, Width = 36, Layers = 3, Heads = 6, Mlp = 132,
    Registers = 4, Positions = PositionEmbedding.LearnedOnPatches, LayerScale = true)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 6)]
internal sealed partial class DinoV2RegDeep;

[Vit(
    Image = 18, Patch = 6, Width = 24, Layers = 2, Heads = 3, Mlp = 72,
    Registers = 4, Positions = PositionEmbedding.LearnedOnPatches, LayerScale = true)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV2RegEnd2end;

[Vit(
    Image = 24, Patch = 6, Width = 48, Layers = 2, Heads = 3, Mlp = 130,
    Registers = 4, Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves, Epsilon = 1e-5,
    AttentionBias = AttentionBias.QueryAndValue, LayerScale = true)]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV3Linear;

[Vit(
    Image = 25, Patch = 5, Width = 32, Layers = 2, Heads = 4, Mlp = 110,
    Registers = 4, Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves, Epsilon = 1e-5,
    AttentionBias = AttentionBias.QueryAndValue, LayerScale = true)]
[ShallowPrompt(Tokens = 5)]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV3Shallow;

[Vit(
    Image = 32, Patch = 8, Width = 36, Layers = 3, Heads = 3, Mlp = 140,
    Registers = 4, Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves, Epsilon = 1e-5,
    AttentionBias = AttentionBias.None, LayerScale = true)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 6)]
internal sealed partial class DinoV3Deep;

[Vit(
    Image = 28, Patch = 7, Width = 36, Layers = 3, Heads = 3, Mlp = 96,
    Registers = 4, Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves, Epsilon = 1e-5,
    AttentionBias = AttentionBias.QueryAndValue, MlpForm = MlpForm.Gated, LayerScale = true, Pool = TokenPool.ImageTokens)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 7)]
internal sealed partial class DinoV3PlusDeep;

[Vit(
    Image = 24, Patch = 6, Width = 24, Layers = 2, Heads = 2, Mlp = 80,
    Registers = 4, Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves, Epsilon = 1e-5,
    AttentionBias = AttentionBias.QueryAndValue, LayerScale = true)]
[TrainEverything]
[LinearHead(Classes = 6)]
internal sealed partial class DinoV3End2end;

[Vit(
    Image = 24, Patch = 6, Width = 32, Layers = 3, Heads = 4, Mlp = 84,
    Rotary = RotaryEmbedding.Pairs, RotaryGrid = 4, AttentionBias = AttentionBias.QueryAndValue, MlpForm = MlpForm.Gated,
    Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class Eva02SmallDeep;

[Vit(
    Image = 28, Patch = 7, Width = 36, Layers = 3, Heads = 3, Mlp = 96,
    Rotary = RotaryEmbedding.Pairs, RotaryGrid = 3, AttentionBias = AttentionBias.QueryAndValue, MlpForm = MlpForm.GatedAndNormalized,
    Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 6)]
internal sealed partial class Eva02Deep;

[Vit(
    Image = 18, Patch = 6, Width = 24, Layers = 2, Heads = 3, Mlp = 64,
    Rotary = RotaryEmbedding.Pairs, RotaryGrid = 4, AttentionBias = AttentionBias.QueryAndValue, MlpForm = MlpForm.GatedAndNormalized,
    Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class Eva02End2end;

[Vit(
    Image = 32, Patch = 8, Width = 28, Layers = 2, Heads = 4, Mlp = 104,
    ClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.Attention)]
[LinearHead(Classes = 6)]
internal sealed partial class SigLipLinear;

[Vit(
    Image = 24, Patch = 6, Width = 30, Layers = 2, Heads = 5, Mlp = 90,
    ClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.Attention)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class SigLipShallow;

[Vit(
    Image = 28, Patch = 7, Width = 36, Layers = 2, Heads = 3, Mlp = 120,
    ClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.Attention)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 7)]
internal sealed partial class SigLipDeep;

[Vit(
    Image = 24, Patch = 6, Width = 36, Layers = 3, Heads = 4, Mlp = 136,
    ClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.ImageTokens)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 5)]
internal sealed partial class SigLipGapDeep;

[Vit(
    Image = 18, Patch = 6, Width = 24, Layers = 2, Heads = 3, Mlp = 64,
    ClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.Attention)]
[TrainEverything]
[LinearHead(Classes = 4)]
internal sealed partial class SigLipEnd2end;

[Vit(Image = 21, Patch = 7, Width = 32, Layers = 3, Heads = 4, Mlp = 112)]
[LoRA(Rank = 3, Alpha = 6)]
[LinearHead(Classes = 6)]
internal sealed partial class VitLoRA;

[Vit(Image = 24, Patch = 6, Width = 36, Layers = 2, Heads = 3, Mlp = 120, LayerScale = true)]
[LoRA(Rank = 3, Alpha = 6)]
[LinearHead(Classes = 5)]
internal sealed partial class DinoV2LoRA;

[Vit(
    Image = 24, Patch = 6, Width = 32, Layers = 2, Heads = 4, Mlp = 100,
    Positions = PositionEmbedding.None, RelativeBias = true, AttentionBias = AttentionBias.QueryAndValue, LayerScale = true,
    Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[ShallowPrompt(Tokens = 5)]
[LinearHead(Classes = 6)]
internal sealed partial class BeitShallow;

[Vit(
    Image = 28, Patch = 7, Width = 36, Layers = 3, Heads = 3, Mlp = 120,
    Positions = PositionEmbedding.None, RelativeBias = true, AttentionBias = AttentionBias.QueryAndValue, LayerScale = true,
    Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class BeitDeep;

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
        "vit_gap_deep" => VitGapDeep.Load(device, backbone),
        "vit_qknorm_deep" => VitQkNormDeep.Load(device, backbone),
        "vit_bias_later" => VitBiasLater.Load(device, backbone),
        "deit_distilled_deep" => DeiTDistilledDeep.Load(device, backbone),
        "deit3_deep" => DeiT3Deep.Load(device, backbone),
        "dinov2_linear_clsmean" => DinoV2LinearClsMean.Load(device, backbone),
        "dinov2_giant_deep" => DinoV2GiantDeep.Load(device, backbone),
        "dinov2_reg_deep" => DinoV2RegDeep.Load(device, backbone),
        "dinov2_reg_end2end" => DinoV2RegEnd2end.Load(device, backbone),
        "dinov3_linear" => DinoV3Linear.Load(device, backbone),
        "dinov3_shallow" => DinoV3Shallow.Load(device, backbone),
        "dinov3_deep" => DinoV3Deep.Load(device, backbone),
        "dinov3_plus_deep" => DinoV3PlusDeep.Load(device, backbone),
        "dinov3_end2end" => DinoV3End2end.Load(device, backbone),
        "eva02_small_deep" => Eva02SmallDeep.Load(device, backbone),
        "eva02_deep" => Eva02Deep.Load(device, backbone),
        "eva02_end2end" => Eva02End2end.Load(device, backbone),
        "siglip_linear" => SigLipLinear.Load(device, backbone),
        "siglip_shallow" => SigLipShallow.Load(device, backbone),
        "siglip_deep" => SigLipDeep.Load(device, backbone),
        "siglip_gap_deep" => SigLipGapDeep.Load(device, backbone),
        "siglip_end2end" => SigLipEnd2end.Load(device, backbone),
        "vit_lora" => VitLoRA.Load(device, backbone),
        "dinov2_lora" => DinoV2LoRA.Load(device, backbone),
        "beit_shallow" => BeitShallow.Load(device, backbone),
        "beit_deep" => BeitDeep.Load(device, backbone),
        _ => null,
    };
}
