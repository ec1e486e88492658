using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of Google's JAX models: kernels are stored input first, attention's with an axis for the heads.</summary>
/// <remarks>Which number a part of a block has differs between projects: Flax numbers all of them, or those of each kind.</remarks>
internal sealed class JaxDialect : IWeightDialect
{
    private static readonly string[] Projections = ["query", "key", "value"];

    private readonly string _attention;
    private readonly string _mlp;
    private readonly string _secondNorm;
    private readonly string _positions;

    private JaxDialect(string name, string attention, string mlp, string secondNorm, string positions)
    {
        Name = name;
        _attention = attention;
        _mlp = mlp;
        _secondNorm = secondNorm;
        _positions = positions;
    }

    /// <summary>The names of the original ViT checkpoints, which the paper used, and of AugReg.</summary>
    public static JaxDialect VisionTransformer { get; } = new(
        "Google JAX ViT", "MultiHeadDotProductAttention_1", "MlpBlock_3", "LayerNorm_2", "Transformer/posembed_input/pos_embedding");

    /// <summary>The names of big_vision, unless it stacked all layers in one array.</summary>
    public static JaxDialect BigVision { get; } = new(
        "Google big_vision", "MultiHeadDotProductAttention_0", "MlpBlock_0", "LayerNorm_1", "pos_embedding");

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The paper's own rule, so that its results can be had again from its checkpoints.</summary>
    public PositionRule Positions => PositionRule.BilinearCorners;

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        var name = ParameterName.Parse(parameter.Name);
        return name.Block is null ? OutsideBlocks(name, parameter.Shape) : InBlock(name, parameter.Shape);
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        tensor.StartsWith("head/", StringComparison.Ordinal) || tensor.StartsWith("pre_logits/", StringComparison.Ordinal);

    private TensorPart[] OutsideBlocks(ParameterName name, ImmutableArray<int> shape) => (name.Member, name.Leaf) switch
    {
        ("", "cls_token") => [new TensorPart("cls", shape)],
        ("", "pos_embed") => [new TensorPart(_positions, shape)],
        ("patch_embed.proj", "weight") => [Convolution("embedding/kernel", shape)],
        ("patch_embed.proj", "bias") => [new TensorPart("embedding/bias", shape)],
        ("norm", _) => [Norm("Transformer/encoder_norm", name.Leaf, shape)],
        _ => [],
    };

    private TensorPart[] InBlock(ParameterName name, ImmutableArray<int> shape)
    {
        string block = $"Transformer/encoderblock_{name.Block}/";
        string attention = $"{block}{_attention}/";
        return (name.Member, name.Leaf) switch
        {
            ("norm1", _) => [Norm($"{block}LayerNorm_0", name.Leaf, shape)],
            ("norm2", _) => [Norm($"{block}{_secondNorm}", name.Leaf, shape)],
            ("attn.qkv", "weight") =>
                [.. Projections.Select(p => Dense($"{attention}{p}/kernel", Third(shape)) with { HeadAxis = 1 })],
            ("attn.qkv", "bias") =>
                [.. Projections.Select(p => new TensorPart($"{attention}{p}/bias", Third(shape)) { HeadAxis = 0 })],
            ("attn.proj", "weight") => [Dense($"{attention}out/kernel", shape) with { HeadAxis = 0 }],
            ("attn.proj", "bias") => [new TensorPart($"{attention}out/bias", shape)],
            ("mlp.fc1", _) => [Layer($"{block}{_mlp}/Dense_0", name.Leaf, shape)],
            ("mlp.fc2", _) => [Layer($"{block}{_mlp}/Dense_1", name.Leaf, shape)],
            _ => [],
        };
    }

    private static ImmutableArray<int> Third(ImmutableArray<int> shape) => shape.SetItem(0, shape[0] / Projections.Length);

    private static TensorPart Norm(string name, string leaf, ImmutableArray<int> shape) =>
        new($"{name}/{(leaf == "weight" ? "scale" : leaf)}", shape);

    private static TensorPart Layer(string name, string leaf, ImmutableArray<int> shape) =>
        leaf == "weight" ? Dense($"{name}/kernel", shape) : new TensorPart($"{name}/{leaf}", shape);

    private static TensorPart Dense(string name, ImmutableArray<int> shape) => shape is [var outputs, var inputs]
        ? new TensorPart(name, [inputs, outputs])
        {
            Rearrange = (stored, rearranged) => Transposition.Apply(stored, inputs, outputs, rearranged),
        }
        : new TensorPart(name, shape);

    // Stored height, width, input, output; wanted output, input, height, width.
    private static TensorPart Convolution(string name, ImmutableArray<int> shape)
    {
        if (shape is not [var outputs, var inputs, var height, var width])
        {
            return new TensorPart(name, shape);
        }

        void Rearrange(ReadOnlySpan<float> stored, Span<float> rearranged)
        {
            int pixels = height * width;
            float[] outputFirst = new float[stored.Length];
            Transposition.Apply(stored, pixels * inputs, outputs, outputFirst);
            for (int start = 0; start < stored.Length; start += pixels * inputs)
            {
                Transposition.Apply(outputFirst.AsSpan(start, pixels * inputs), pixels, inputs, rearranged[start..]);
            }
        }

        return new TensorPart(name, [height, width, inputs, outputs]) { Rearrange = Rearrange };
    }
}
