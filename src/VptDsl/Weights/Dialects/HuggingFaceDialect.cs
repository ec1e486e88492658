using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's ViT models, which keep query, key and value apart.</summary>
/// <remarks>Models with a head, such as ViTForImageClassification, have them behind the prefix <c>vit.</c></remarks>
internal sealed class HuggingFaceDialect : IWeightDialect
{
    private static readonly string[] Projections = ["query", "key", "value"];

    /// <inheritdoc/>
    public string Name => "Hugging Face ViT";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return OutsideBlocks(member, leaf) is { } name ? [new TensorPart(name, parameter.Shape)] : [];
        }

        string layer = $"encoder.layer.{block}.";
        if (member == "attn.qkv")
        {
            return TensorPart.Stacked(
                parameter, [.. Projections.Select(projection => $"{layer}attention.attention.{projection}.{leaf}")]);
        }

        return InBlock(member) is { } inBlock ? [new TensorPart($"{layer}{inBlock}.{leaf}", parameter.Shape)] : [];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        tensor == "embeddings.mask_token"
        || tensor.StartsWith("classifier.", StringComparison.Ordinal)
        || tensor.StartsWith("cls_classifier.", StringComparison.Ordinal)
        || tensor.StartsWith("distillation_classifier.", StringComparison.Ordinal)
        || tensor.StartsWith("pooler.", StringComparison.Ordinal)
        || tensor.StartsWith("decoder.", StringComparison.Ordinal);

    private static string? OutsideBlocks(string member, string leaf) => (member, leaf) switch
    {
        ("", "cls_token") => "embeddings.cls_token",
        ("", "dist_token") => "embeddings.distillation_token",
        ("", "pos_embed") => "embeddings.position_embeddings",
        ("patch_embed.proj", _) => $"embeddings.patch_embeddings.projection.{leaf}",
        ("norm", _) => $"layernorm.{leaf}",
        _ => null,
    };

    private static string? InBlock(string member) => member switch
    {
        "norm1" => "layernorm_before",
        "norm2" => "layernorm_after",
        "attn.proj" => "attention.output.dense",
        "mlp.fc1" => "intermediate.dense",
        "mlp.fc2" => "output.dense",
        _ => null,
    };
}
