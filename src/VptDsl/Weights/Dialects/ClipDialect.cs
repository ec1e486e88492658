using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>
/// The names of OpenAI's and OpenCLIP's vision transformers, in whole models behind the prefix <c>visual.</c>
/// </summary>
internal sealed class ClipDialect : IWeightDialect
{
    /// <inheritdoc/>
    public string Name => "CLIP";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        string? name = block is null ? OutsideBlocks(member, leaf) : InBlock(member, leaf);
        return name is null ? [] : [new TensorPart(block is null ? name : $"transformer.resblocks.{block}.{name}", parameter.Shape)];
    }

    /// <summary>The projection into the space that images and texts share.</summary>
    public bool Ignores(string tensor) => tensor == "proj";

    private static string? OutsideBlocks(string member, string leaf) => (member, leaf) switch
    {
        ("", "cls_token") => "class_embedding",
        ("", "pos_embed") => "positional_embedding",
        ("patch_embed.proj", "weight") => "conv1.weight",
        ("norm_pre", _) => $"ln_pre.{leaf}",
        ("norm", _) => $"ln_post.{leaf}",
        _ => null,
    };

    private static string? InBlock(string member, string leaf) => member switch
    {
        "norm1" => $"ln_1.{leaf}",
        "norm2" => $"ln_2.{leaf}",
        "attn.qkv" => $"attn.in_proj_{leaf}",
        "attn.proj" => $"attn.out_proj.{leaf}",
        "mlp.fc1" => $"mlp.c_fc.{leaf}",
        "mlp.fc2" => $"mlp.c_proj.{leaf}",
        _ => null,
    };
}
