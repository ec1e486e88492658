using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Meta's own DINOv2 and DINOv3 checkpoints, where they are not timm's.</summary>
/// <param name="version">2 or 3.</param>
/// <param name="hasRegisters">
/// Whether there are registers. DINOv2's checkpoints then have a place of the class token among the positions all the same, which is added.
/// </param>
/// <param name="isGated">Whether MLPs are gated.</param>
internal sealed class MetaDinoDialect(int version, bool hasRegisters, bool isGated) : IWeightDialect
{
    private const string ClassToken = "cls_token", Positions = "pos_embed";

    private static readonly string[] Ignored = ["mask_token", "local_cls_norm.", "rope_embed."];

    // Which of the three biases are used: the key's never is.
    private const string MaskOfBiases = ".bias_mask";

    /// <inheritdoc/>
    public string Name => $"Meta DINOv{version}";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null)
        {
            return [OutsideBlocks(parameter)];
        }

        string owner = $"blocks.{block}.";
        int width = parameter.Shape[0];
        return (member, leaf) switch
        {
            ("attn", "q_bias") when version == 3 => [Bias(0)],
            ("attn", "v_bias") when version == 3 => [Bias(2)],
            ("attn.qkv", "bias") when version == 3 => [new(parameter.Name, parameter.Shape) { Rearrange = WithoutKeys }],
            ("mlp.fc1", _) when isGated && version == 3 =>
                TensorPart.Stacked(parameter, $"{owner}mlp.w1.{leaf}", $"{owner}mlp.w2.{leaf}"),
            ("mlp.fc1", _) when isGated => [new($"{owner}mlp.w12.{leaf}", parameter.Shape)],
            ("mlp.fc2", _) when isGated => [new($"{owner}mlp.w3.{leaf}", parameter.Shape)],
            _ => [new(parameter.Name, parameter.Shape)],
        };

        TensorPart Bias(int third) => new(owner + "attn.qkv.bias", [3 * width]) { Rows = (third * width, width) };
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        Ignored.Any(prefix => tensor.StartsWith(prefix, StringComparison.Ordinal))
        || tensor.EndsWith(MaskOfBiases, StringComparison.Ordinal);

    private static void WithoutKeys(ReadOnlySpan<float> stored, Span<float> biases)
    {
        stored.CopyTo(biases);
        int width = biases.Length / 3;
        biases.Slice(width, width).Clear();
    }

    private TensorPart OutsideBlocks(ParameterDescription parameter) => parameter.Name switch
    {
        "reg_token" when hasRegisters => new(version == 3 ? "storage_tokens" : "register_tokens", parameter.Shape),
        ClassToken when version == 2 && hasRegisters => new(ClassToken, parameter.Shape) { AddedPositions = Positions },
        Positions when version == 2 && hasRegisters => new(Positions, parameter.Shape) { PositionPrefix = 1 },
        _ => new(parameter.Name, parameter.Shape),
    };
}
