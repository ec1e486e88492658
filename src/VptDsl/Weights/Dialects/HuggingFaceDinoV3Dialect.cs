using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's DINOv3 models.</summary>
/// <param name="isGated">Whether MLPs are gated.</param>
internal sealed class HuggingFaceDinoV3Dialect(bool isGated) : IWeightDialect
{
    /// <inheritdoc/>
    public string Name => "Hugging Face DINOv3";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return OutsideBlocks(member, leaf) is { } name ? [new TensorPart(name, parameter.Shape)] : [];
        }

        string layer = $"layer.{block}.";
        return (member, leaf) switch
        {
            ("attn.qkv", _) => TensorPart.Stacked(
                parameter, $"{layer}attention.q_proj.{leaf}", $"{layer}attention.k_proj.{leaf}", $"{layer}attention.v_proj.{leaf}"),
            ("mlp.fc1", _) when isGated => TensorPart.Stacked(parameter, $"{layer}mlp.gate_proj.{leaf}", $"{layer}mlp.up_proj.{leaf}"),
            _ => InBlock(member, leaf) is { } name ? [new TensorPart(layer + name, parameter.Shape)] : [],
        };
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => tensor == "embeddings.mask_token";

    private static string? OutsideBlocks(string member, string leaf) => (member, leaf) switch
    {
        ("", "cls_token") => "embeddings.cls_token",
        ("", "reg_token") => "embeddings.register_tokens",
        ("patch_embed.proj", _) => $"embeddings.patch_embeddings.{leaf}",
        ("norm", _) => $"norm.{leaf}",
        _ => null,
    };

    private static string? InBlock(string member, string leaf) => (member, leaf) switch
    {
        ("norm1" or "norm2", _) => $"{member}.{leaf}",
        ("attn", "q_bias") => "attention.q_proj.bias",
        ("attn", "v_bias") => "attention.v_proj.bias",
        ("attn.proj", _) => $"attention.o_proj.{leaf}",
        ("ls1", _) => "layer_scale1.lambda1",
        ("ls2", _) => "layer_scale2.lambda1",
        ("mlp.fc1", _) => $"mlp.up_proj.{leaf}",
        ("mlp.fc2", _) => $"mlp.down_proj.{leaf}",
        _ => null,
    };
}
