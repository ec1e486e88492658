namespace VptDsl.EndToEnd.Models;

// The ablations and protocols of the paper, as their case.json describes them.

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128, Pool = TokenPool.ImageTokens)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepImgPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96, Pool = TokenPool.AllButClass)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepImgpromptPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96, Pool = TokenPool.Prompts)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepPromptPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96, Pool = TokenPool.ImageTokens)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitShallowImgPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeLinear;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeShallow;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeDeep;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.ImageTokens, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeDeepImgPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.Prompts, FinalNorm = FinalNorm.AfterPool)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeDeepPromptPool;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[TrainLastLayers(1)]
[LinearHead(Classes = 5)]
internal sealed partial class MaePartial1;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class MaeEnd2end;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]
[Adapter(Reduction = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MaeAdapter;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Positions = PositionEmbedding.SineCosine)]
[LinearHead(Classes = 5)]
internal sealed partial class MocoLinear;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Positions = PositionEmbedding.SineCosine)]
[ShallowPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MocoShallow;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128, Positions = PositionEmbedding.SineCosine)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MocoDeep;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Positions = PositionEmbedding.SineCosine)]
[TrainEverything]
[LinearHead(Classes = 5)]
internal sealed partial class MocoEnd2end;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96, Positions = PositionEmbedding.SineCosine)]
[Adapter(Reduction = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class MocoAdapter;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[Adapter(Reduction = 8)]
[LinearHead(Classes = 5)]
internal sealed partial class VitAdapter;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[AddedPrompt]
[LinearHead(Classes = 5)]
internal sealed partial class VitAddShallow;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[AddedPrompt(Layers = "..")]
[LinearHead(Classes = 5)]
internal sealed partial class VitAddDeep;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[AddedPrompt(PerToken = false)]
[LinearHead(Classes = 5)]
internal sealed partial class VitAdd1Shallow;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96)]
[AddedPrompt(PerToken = false, Layers = "..")]
[LinearHead(Classes = 5)]
internal sealed partial class VitAdd1Deep;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[PixelPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitPrependPixel;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[PixelPrompt(Tokens = 4, Start = PatchStart.Colours)]
[LinearHead(Classes = 5)]
internal sealed partial class VitPrependPixelImgnet;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[ChannelPrompt(Channels = 2)]
[LinearHead(Classes = 5)]
internal sealed partial class VitBelow;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[PadPrompt(Pixels = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class VitPad;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 3, Heads = 2, Mlp = 96)]
[ShallowPrompt(Tokens = 4, Projection = 12)]
[LinearHead(Classes = 5)]
internal sealed partial class VitShallowProject;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[DeepPrompt(Tokens = 4, Projection = 12)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepProject;

[Vit(Image = 32, Patch = 8, Width = 32, Layers = 3, Heads = 4, Mlp = 128)]
[DeepPrompt(Tokens = 4, Shared = true)]
[LinearHead(Classes = 5)]
internal sealed partial class VitDeepShared;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[MlpHead(Classes = 5, Layers = 3, Dropout = 0, FrozenStatistics = true)]
internal sealed partial class VitLinearMlp3;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[MlpHead(Classes = 5, Layers = 3, Dropout = 0)]
internal sealed partial class VitLinearMlp3BnTrain;

[Vit(Image = 32, Patch = 8, Width = 24, Layers = 2, Heads = 3, Mlp = 96)]
[DeepPrompt(Tokens = 4)]
[MlpHead(Classes = 5, Layers = 2, Dropout = 0, FrozenStatistics = true)]
internal sealed partial class VitDeepMlp2;

/// <summary>Finds the declaration of a golden case of a protocol or an ablation.</summary>
internal static class ProtocolGoldenModels
{
    public static Tuner? Load(string name, Device device, string backbone) => name switch
    {
        "vit_deep_img_pool" => VitDeepImgPool.Load(device, backbone),
        "vit_deep_imgprompt_pool" => VitDeepImgpromptPool.Load(device, backbone),
        "vit_deep_prompt_pool" => VitDeepPromptPool.Load(device, backbone),
        "vit_shallow_img_pool" => VitShallowImgPool.Load(device, backbone),
        "mae_linear" => MaeLinear.Load(device, backbone),
        "mae_shallow" => MaeShallow.Load(device, backbone),
        "mae_deep" => MaeDeep.Load(device, backbone),
        "mae_deep_img_pool" => MaeDeepImgPool.Load(device, backbone),
        "mae_deep_prompt_pool" => MaeDeepPromptPool.Load(device, backbone),
        "mae_partial1" => MaePartial1.Load(device, backbone),
        "mae_end2end" => MaeEnd2end.Load(device, backbone),
        "mae_adapter" => MaeAdapter.Load(device, backbone),
        "moco_linear" => MocoLinear.Load(device, backbone),
        "moco_shallow" => MocoShallow.Load(device, backbone),
        "moco_deep" => MocoDeep.Load(device, backbone),
        "moco_end2end" => MocoEnd2end.Load(device, backbone),
        "moco_adapter" => MocoAdapter.Load(device, backbone),
        "vit_adapter" => VitAdapter.Load(device, backbone),
        "vit_add_shallow" => VitAddShallow.Load(device, backbone),
        "vit_add_deep" => VitAddDeep.Load(device, backbone),
        "vit_add1_shallow" => VitAdd1Shallow.Load(device, backbone),
        "vit_add1_deep" => VitAdd1Deep.Load(device, backbone),
        "vit_prepend_pixel" => VitPrependPixel.Load(device, backbone),
        "vit_prepend_pixel_imgnet" => VitPrependPixelImgnet.Load(device, backbone),
        "vit_below" => VitBelow.Load(device, backbone),
        "vit_pad" => VitPad.Load(device, backbone),
        "vit_shallow_project" => VitShallowProject.Load(device, backbone),
        "vit_deep_project" => VitDeepProject.Load(device, backbone),
        "vit_deep_shared" => VitDeepShared.Load(device, backbone),
        "vit_linear_mlp3" => VitLinearMlp3.Load(device, backbone),
        "vit_linear_mlp3_bn_train" => VitLinearMlp3BnTrain.Load(device, backbone),
        "vit_deep_mlp2" => VitDeepMlp2.Load(device, backbone),
        _ => null,
    };
}
