using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names that Hugging Face's CLIP models have in their vision part, behind the prefix <c>vision_model.</c></summary>
/// <remarks>What projects features into the space that images and texts share is no part of the backbone.</remarks>
internal sealed class HuggingFaceClipDialect : IWeightDialect
{
    private static readonly string[] Projections = ["q_proj", "k_proj", "v_proj"];

    /// <inheritdoc/>
    public string Name => "Hugging Face CLIP";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return OutsideBlocks(member, leaf) is { } name ? [new TensorPart(name, parameter.Shape)] : [];
        }

        string layer = $"encoder.layers.{block}.";
        if (member == "attn.qkv")
        {
            return TensorPart.Stacked(parameter, [.. Projections.Select(projection => $"{layer}self_attn.{projection}.{leaf}")]);
        }

        return InBlock(member) is { } inBlock ? [new TensorPart($"{layer}{inBlock}.{leaf}", parameter.Shape)] : [];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => tensor == "embeddings.position_ids";

    // The library's own spelling of the first normalisation.
    private static string? OutsideBlocks(string member, string leaf) => (member, leaf) switch
    {
        ("", "cls_token") => "embeddings.class_embedding",
        ("", "pos_embed") => "embeddings.position_embedding.weight",
        ("patch_embed.proj", "weight") => "embeddings.patch_embedding.weight",
        ("norm_pre", _) => $"pre_layrnorm.{leaf}",
        ("norm", _) => $"post_layernorm.{leaf}",
        _ => null,
    };

    private static string? InBlock(string member) => member switch
    {
        "norm1" => "layer_norm1",
        "norm2" => "layer_norm2",
        "attn.proj" => "self_attn.out_proj",
        "mlp.fc1" or "mlp.fc2" => member,
        _ => null,
    };
}
