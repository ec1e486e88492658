using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>
/// The names of pytorch-image-models' BEiT, EVA-02 and DINOv3, where they differ from those of its plain vision transformers: scales are
/// <c>gamma_1</c> and <c>gamma_2</c>, and some keep projections apart.
/// </summary>
/// <param name="isAttentionSplit">Whether query, key and value are three layers.</param>
/// <param name="isMlpSplit">Whether gate and value of an MLP are two layers.</param>
internal sealed class TimmEvaDialect(bool isAttentionSplit, bool isMlpSplit) : IWeightDialect
{
    private static readonly TimmDialect Timm = new();

    /// <inheritdoc/>
    public string Name => "timm EVA";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return Timm.Parts(parameter);
        }

        string owner = $"blocks.{block}.";
        return (member, leaf) switch
        {
            ("ls1", _) => One("gamma_1"),
            ("ls2", _) => One("gamma_2"),
            ("attn.qkv", "weight") when isAttentionSplit => TensorPart.Stacked(
                parameter, owner + "attn.q_proj.weight", owner + "attn.k_proj.weight", owner + "attn.v_proj.weight"),
            ("attn", "q_bias") when isAttentionSplit => One("attn.q_proj.bias"),
            ("attn", "v_bias") when isAttentionSplit => One("attn.v_proj.bias"),
            ("mlp.fc1", _) when isMlpSplit => TensorPart.Stacked(parameter, $"{owner}mlp.fc1_g.{leaf}", $"{owner}mlp.fc1_x.{leaf}"),
            _ => Timm.Parts(parameter),
        };

        TensorPart[] One(string name) => [new(owner + name, parameter.Shape)];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => Timm.Ignores(tensor);
}
