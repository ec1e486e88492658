using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Hugging Face's DINOv2 models: outside of blocks those of its ViT, inside of them others.</summary>
internal sealed class HuggingFaceDinoV2Dialect : IWeightDialect
{
    private static readonly HuggingFaceDialect Vit = new();

    /// <inheritdoc/>
    public string Name => "Hugging Face DINOv2";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        if (block is null || member is "attn.qkv" or "attn.proj")
        {
            return Vit.Parts(parameter);
        }

        return InBlock(member, leaf) is { } name ? [new TensorPart($"encoder.layer.{block}.{name}", parameter.Shape)] : [];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) => Vit.Ignores(tensor);

    private static string? InBlock(string member, string leaf) => member switch
    {
        "norm1" or "norm2" or "mlp.fc1" or "mlp.fc2" => $"{member}.{leaf}",
        "ls1" => "layer_scale1.lambda1",
        "ls2" => "layer_scale2.lambda1",
        _ => null,
    };
}
