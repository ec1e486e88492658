using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of EVA-02's own checkpoints.</summary>
internal sealed class EvaDialect : IWeightDialect
{
    private static readonly string[] Ignored = ["head.", "lm_head.", "mask_token", "norm."];

    /// <inheritdoc/>
    public string Name => "EVA-02";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return [new(parameter.Name, parameter.Shape)];
        }

        string owner = $"blocks.{block}.";
        return (member, leaf) switch
        {
            ("attn.qkv", "weight") => TensorPart.Stacked(
                parameter, owner + "attn.q_proj.weight", owner + "attn.k_proj.weight", owner + "attn.v_proj.weight"),
            ("mlp.fc1", _) => TensorPart.Stacked(parameter, $"{owner}mlp.w1.{leaf}", $"{owner}mlp.w2.{leaf}"),
            ("mlp.norm", _) => [new($"{owner}mlp.ffn_ln.{leaf}", parameter.Shape)],
            ("mlp.fc2", _) => [new($"{owner}mlp.w3.{leaf}", parameter.Shape)],
            _ => [new(parameter.Name, parameter.Shape)],
        };
    }

    /// <summary>The classifier, what pre-training alone needs, and tables of rotary positions, which are computed.</summary>
    public bool Ignores(string tensor) =>
        Ignored.Any(prefix => tensor.StartsWith(prefix, StringComparison.Ordinal)) || tensor.Contains("rope", StringComparison.Ordinal);
}
