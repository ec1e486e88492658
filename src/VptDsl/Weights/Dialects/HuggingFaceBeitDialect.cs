using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's BEiT models: its ViT's, and those of biases and scales.</summary>
internal sealed class HuggingFaceBeitDialect : IWeightDialect
{
    private static readonly HuggingFaceDialect Vit = new();

    /// <inheritdoc/>
    public string Name => "Hugging Face BEiT";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        string? name = (block, member, leaf) switch
        {
            (null, "fc_norm", _) => $"pooler.layernorm.{leaf}",
            (null, _, _) => null,
            (_, "attn", "q_bias") => "attention.attention.query.bias",
            (_, "attn", "v_bias") => "attention.attention.value.bias",
            (_, "attn", _) => "attention.attention.relative_position_bias.relative_position_bias_table",
            (_, "ls1", _) => "lambda_1",
            (_, "ls2", _) => "lambda_2",
            _ => null,
        };
        return name is null ? Vit.Parts(parameter) : [new(block is null ? name : $"encoder.layer.{block}.{name}", parameter.Shape)];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => Vit.Ignores(tensor) || tensor.EndsWith(".relative_position_index", StringComparison.Ordinal);
}
