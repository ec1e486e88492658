using System.Text.Json;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>Reads what a golden case of a later vision transformer declares: those say everything that families differ in.</summary>
internal static class LaterVitModel
{
    /// <summary>The declaration, or null where the case is of another kind.</summary>
    public static ModelSpec? Read(JsonElement description)
    {
        JsonElement backbone = description.GetProperty("backbone"), prompt = description.GetProperty("prompt");
        if (!backbone.TryGetProperty("prefix_tokens", out _))
            return null;
        int layers = Number(backbone, "layers");
        PromptSpec? prompts = prompt.ValueKind != JsonValueKind.Object ? null : new TokenPromptSpec(
            Number(prompt, "length"),
            prompt.GetProperty("deep").GetBoolean() ? Enumerable.Range(0, layers).ToEquatableArray() : EquatableArray.Of(0),
            PromptFlow.Carry);
        return new(
            new("VptDsl.Testing", "GoldenTuner", "public"),
            Backbone(backbone),
            prompts,
            new ClassifierHeadSpec(Number(description, "classes")),
            Text(description, "transfer_type") switch
            {
                "end2end" => TrainedSet.Everything,
                "tinytl-bias" => new(Biases: true),
                _ => TrainedSet.PromptsAndHead,
            })
        {
            LoRA = description.GetProperty("lora") is { ValueKind: JsonValueKind.Object } lora
                ? new(Number(lora, "rank"), lora.GetProperty("alpha").GetDouble(), LoRATargets.Query | LoRATargets.Value)
                : null,
        };
    }

    private static VitSpec Backbone(JsonElement backbone)
    {
        JsonElement rope = backbone.GetProperty("rope");
        string? places = rope.ValueKind == JsonValueKind.Object ? Text(rope, "kind") : null;
        return new(
            Number(backbone, "image"), Number(backbone, "image_channels"), Number(backbone, "patch"), Number(backbone, "hidden"),
            Number(backbone, "layers"), Number(backbone, "heads"), Number(backbone, "mlp"))
        {
            HasClassToken = Flag(backbone, "class_token"),
            HasDistillationToken = Flag(backbone, "distillation_token"),
            Registers = Number(backbone, "register_tokens"),
            Positions = Text(backbone, "position_embedding") switch
            {
                "learned, patches only" => PositionEmbedding.LearnedOnPatches,
                null => PositionEmbedding.None,
                _ => PositionEmbedding.Learned,
            },
            Rotary = places switch
            {
                "dinov3" => RotaryEmbedding.Halves,
                "axial" => RotaryEmbedding.Pairs,
                _ => RotaryEmbedding.None,
            },
            RotaryGrid = places == "axial" ? rope.GetProperty("reference_grid")[0].GetInt32() : 0,
            RelativeBias = Flag(backbone, "relative_position_bias"),
            PreNorm = Flag(backbone, "pre_norm"),
            Epsilon = backbone.GetProperty("layer_norm_eps").GetDouble(),
            AttentionBias = Text(backbone, "qkv_bias") switch
            {
                "q and v" => AttentionBias.QueryAndValue,
                null => AttentionBias.None,
                _ => AttentionBias.All,
            },
            QueryKeyNorm = Flag(backbone, "qk_norm"),
            MlpForm = Text(backbone, "mlp_kind") switch
            {
                "swiglu packed" or "swiglu split" => MlpForm.Gated,
                "swiglu split with norm" => MlpForm.GatedAndNormalized,
                _ => MlpForm.Plain,
            },
            Activation = Text(backbone, "gelu") switch
            {
                "quick" => ActivationKind.QuickGelu,
                "tanh" => ActivationKind.GeluTanh,
                _ => ActivationKind.Gelu,
            },
            LayerScale = Text(backbone, "layer_scale") is not null,
            FinalNorm = Text(backbone, "last_norm")!.StartsWith("fc_norm", StringComparison.Ordinal)
                ? FinalNorm.AfterPool
                : FinalNorm.BeforePool,
            Pool = Text(backbone, "pool") switch
            {
                "mean of patches" => TokenPool.ImageTokens,
                "cls and mean of patches" => TokenPool.ClassAndImage,
                "map" => TokenPool.Attention,
                _ => TokenPool.ClassToken,
            },
        };
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static bool Flag(JsonElement element, string name) => element.GetProperty(name).GetBoolean();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
