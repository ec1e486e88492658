using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names that Hugging Face's SigLIP models have in their vision part: those of its CLIP, and the attention pool.</summary>
internal sealed class HuggingFaceSigLipDialect : IWeightDialect
{
    private const string Pool = "attn_pool";

    private static readonly HuggingFaceClipDialect Clip = new();

    /// <inheritdoc/>
    public string Name => "Hugging Face SigLIP";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var (block, member, leaf) = ParameterName.Parse(parameter.Name);
        return member switch
        {
            "patch_embed.proj" => [new($"embeddings.patch_embedding.{leaf}", parameter.Shape)],
            Pool when block is null => [new("head.probe", parameter.Shape)],
            Pool + ".q" => [InProjection(0, 1)],
            Pool + ".kv" => [InProjection(1, 2)],
            Pool + ".proj" => [new($"head.attention.out_proj.{leaf}", parameter.Shape)],
            Pool + ".norm" => [new($"head.layernorm.{leaf}", parameter.Shape)],
            Pool + ".mlp.fc1" or Pool + ".mlp.fc2" => [new($"head.{member[(Pool.Length + 1)..]}.{leaf}", parameter.Shape)],
            _ => Clip.Parts(parameter),
        };

        // Query, key and value are one tensor.
        TensorPart InProjection(int first, int thirds)
        {
            int width = parameter.Shape[0] / thirds;
            return new($"head.attention.in_proj_{leaf}", parameter.Shape.SetItem(0, 3 * width)) { Rows = (first * width, thirds * width) };
        }
    }

    /// <summary>The pool is left out where a model does without.</summary>
    public bool Ignores(string tensor) => Clip.Ignores(tensor) || tensor.StartsWith("head.", StringComparison.Ordinal);
}
