using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of torchvision's vision transformers.</summary>
/// <param name="expand">A block's first linear layer: a position in a sequence, or a name in files of older versions.</param>
/// <param name="contract">The second one.</param>
internal sealed class TorchvisionVitDialect(string expand, string contract) : IWeightDialect
{
    /// <summary>The names of versions since 0.13.</summary>
    public static TorchvisionVitDialect Current { get; } = new("mlp.0", "mlp.3");

    /// <summary>The names before.</summary>
    public static TorchvisionVitDialect Older { get; } = new("mlp.linear_1", "mlp.linear_2");

    /// <inheritdoc/>
    public string Name => "torchvision ViT";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        string? name = block is null
            ? OutsideBlocks(member, leaf)
            : InBlock(member, leaf) is { } inner ? $"encoder.layers.encoder_layer_{block}.{inner}" : null;
        return name is null ? [] : [new TensorPart(name, parameter.Shape)];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => tensor.StartsWith("heads.", StringComparison.Ordinal);

    private static string? OutsideBlocks(string member, string leaf) => (member, leaf) switch
    {
        ("", "cls_token") => "class_token",
        ("", "pos_embed") => "encoder.pos_embedding",
        ("patch_embed.proj", _) => $"conv_proj.{leaf}",
        ("norm", _) => $"encoder.ln.{leaf}",
        _ => null,
    };

    private string? InBlock(string member, string leaf) => member switch
    {
        "norm1" => $"ln_1.{leaf}",
        "norm2" => $"ln_2.{leaf}",
        "attn.qkv" => $"self_attention.in_proj_{leaf}",
        "attn.proj" => $"self_attention.out_proj.{leaf}",
        "mlp.fc1" => $"{expand}.{leaf}",
        "mlp.fc2" => $"{contract}.{leaf}",
        _ => null,
    };
}
