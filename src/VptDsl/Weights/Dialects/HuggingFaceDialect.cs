using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's ViT models, which keep query, key and value apart.</summary>
/// <param name="prefix"><c>vit.</c> in models with a head such as ViTForImageClassification, empty in ViTModel itself.</param>
internal sealed class HuggingFaceDialect(string prefix) : IWeightDialect
{
    private const string BlockPrefix = "blocks.";

    private static readonly string[] Projections = ["query", "key", "value"];

    /// <inheritdoc/>
    public string Name => prefix.Length == 0 ? "Hugging Face ViT" : $"Hugging Face ViT ('{prefix}')";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        (string owner, string leaf) = SplitLast(parameter.Name);
        if (!owner.StartsWith(BlockPrefix, StringComparison.Ordinal))
        {
            return OutsideBlocks(parameter.Name, owner, leaf) is { } name ? [new TensorPart(prefix + name, parameter.Shape)] : [];
        }

        (string block, string member) = SplitFirst(owner[BlockPrefix.Length..]);
        string layer = $"{prefix}encoder.layer.{block}.";
        if (member == "attn.qkv")
        {
            var shape = parameter.Shape.SetItem(0, parameter.Shape[0] / Projections.Length);
            return [.. Projections.Select(projection => new TensorPart($"{layer}attention.attention.{projection}.{leaf}", shape))];
        }

        return InBlock(member) is { } inBlock ? [new TensorPart($"{layer}{inBlock}.{leaf}", parameter.Shape)] : [];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor)
    {
        string name = prefix.Length > 0 && tensor.StartsWith(prefix, StringComparison.Ordinal) ? tensor[prefix.Length..] : tensor;
        return name == "embeddings.mask_token"
            || name.StartsWith("classifier.", StringComparison.Ordinal)
            || name.StartsWith("pooler.", StringComparison.Ordinal)
            || name.StartsWith("decoder.", StringComparison.Ordinal);
    }

    private static string? OutsideBlocks(string name, string owner, string leaf) => (name, owner) switch
    {
        ("cls_token", _) => "embeddings.cls_token",
        ("pos_embed", _) => "embeddings.position_embeddings",
        (_, "patch_embed.proj") => $"embeddings.patch_embeddings.projection.{leaf}",
        (_, "norm") => $"layernorm.{leaf}",
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

    private static (string Head, string Tail) SplitFirst(string name) =>
        name.IndexOf('.') is >= 0 and var dot ? (name[..dot], name[(dot + 1)..]) : (name, "");

    private static (string Head, string Tail) SplitLast(string name) =>
        name.LastIndexOf('.') is >= 0 and var dot ? (name[..dot], name[(dot + 1)..]) : (name, "");
}
