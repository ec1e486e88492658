using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's DINOv2 models: outside of blocks those of its ViT, inside of them others.</summary>
/// <param name="hasRegisters">Whether there are registers; the class token's place among the positions is then added to it.</param>
/// <param name="isGated">Whether MLPs are gated.</param>
internal sealed class HuggingFaceDinoV2Dialect(bool hasRegisters, bool isGated) : IWeightDialect
{
    private const string Positions = "embeddings.position_embeddings";

    private static readonly HuggingFaceDialect Vit = new();

    /// <inheritdoc/>
    public string Name => "Hugging Face DINOv2";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        switch (parameter.Name)
        {
            case "reg_token" when hasRegisters:
                return [new TensorPart("embeddings.register_tokens", parameter.Shape)];
            case "cls_token" when hasRegisters:
                return [new TensorPart("embeddings.cls_token", parameter.Shape) { AddedPositions = Positions }];
            case "pos_embed" when hasRegisters:
                return [new TensorPart(Positions, parameter.Shape) { PositionPrefix = 1 }];
        }

        if (block is null || member is "attn.qkv" or "attn.proj")
        {
            return Vit.Parts(parameter);
        }

        return InBlock(member, leaf) is { } name ? [new TensorPart($"encoder.layer.{block}.{name}", parameter.Shape)] : [];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => Vit.Ignores(tensor);

    private string? InBlock(string member, string leaf) => member switch
    {
        "mlp.fc1" when isGated => $"mlp.weights_in.{leaf}",
        "mlp.fc2" when isGated => $"mlp.weights_out.{leaf}",
        "norm1" or "norm2" or "mlp.fc1" or "mlp.fc2" => $"{member}.{leaf}",
        "ls1" => "layer_scale1.lambda1",
        "ls2" => "layer_scale2.lambda1",
        _ => null,
    };
}
