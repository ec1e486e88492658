using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// A vision transformer with prompts the way the paper's public code runs them: class token, prompts and patches are one sequence, and go
/// through every part of every layer together.
/// </summary>
internal sealed class VitPeer : IPeerModel
{
    private const double Epsilon = 1e-6;

    private readonly Weights _weights;
    private readonly int _heads;
    private readonly int _prompts;
    private readonly Tensor _embed;
    private readonly Tensor _embedBias;
    private readonly Tensor _class;
    private readonly Tensor _positions;
    private readonly Block[] _blocks;
    private readonly Norm _norm;
    private readonly Tensor _head;
    private readonly Tensor _headBias;

    /// <param name="weights">Where the parameters come from.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="width">The width of a token.</param>
    /// <param name="patch">Pixels on a side of a patch.</param>
    /// <param name="prompts">The prompts of a layer.</param>
    /// <param name="prompted">The layers that have prompts of their own.</param>
    /// <param name="classes">The classes of the head.</param>
    public VitPeer(Weights weights, int layers, int width, int patch, int prompts, Range prompted, int classes)
    {
        int side = 224 / patch;
        var (first, count) = prompted.GetOffsetAndLength(layers);
        _weights = weights;
        _heads = width / (patch == 14 ? 80 : 64);
        _prompts = prompts;
        _embed = weights.Backbone("patch_embed.proj.weight", width, 3, patch, patch);
        _embedBias = weights.Backbone("patch_embed.proj.bias", width);
        _class = weights.Backbone("cls_token", 1, 1, width);
        _positions = weights.Backbone("pos_embed", 1, 1 + (side * side), width);
        _blocks = [.. Enumerable.Range(0, layers).Select(i => CreateBlock(i, width, prompts > 0 && i >= first && i < first + count))];
        _norm = weights.Norm("norm", width, Epsilon);
        _head = weights.Learned("head.weight", classes, width);
        _headBias = weights.Learned("head.bias", classes);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Trained => _weights.Trained;

    /// <inheritdoc/>
    public Tensor Forward(Tensor images)
    {
        long batch = images.shape[0], patch = _embed.shape[2];
        Tensor patches = functional.conv2d(images, _embed, _embedBias, strides: [patch, patch]).flatten(2).transpose(1, 2);
        Tensor x = cat([_class.expand(batch, -1, -1), patches], 1) + _positions;
        long tokens = x.shape[1];
        foreach (Block block in _blocks)
        {
            if (block.Prompts is { } prompts)
                x = cat([x.narrow(1, 0, 1), prompts.expand(batch, -1, -1), x.narrow(1, x.shape[1] - tokens + 1, tokens - 1)], 1);
            x = x + Attend(block, block.Norm1.Apply(x));
            x = x + block.Contract.Apply(functional.gelu(block.Expand.Apply(block.Norm2.Apply(x))));
        }

        return functional.linear(_norm.Apply(x).narrow(1, 0, 1).squeeze(1), _head, _headBias);
    }

    private Tensor Attend(Block block, Tensor x)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        Tensor qkv = block.Qkv.Apply(x).reshape(batch, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        Tensor attended = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
        return block.Projection.Apply(attended.transpose(1, 2).reshape(batch, tokens, width));
    }

    private Block CreateBlock(int layer, long width, bool prompted)
    {
        string name = $"blocks.{layer}";
        return new(
            _weights.Norm(name + ".norm1", width, Epsilon), _weights.Linear(name + ".attn.qkv", width, 3 * width),
            _weights.Linear(name + ".attn.proj", width, width), _weights.Norm(name + ".norm2", width, Epsilon),
            _weights.Linear(name + ".mlp.fc1", width, 4 * width), _weights.Linear(name + ".mlp.fc2", 4 * width, width),
            prompted ? _weights.Learned($"prompts.{layer}", 1, _prompts, width) : null);
    }

    private sealed record Block(Norm Norm1, Linear Qkv, Linear Projection, Norm Norm2, Linear Expand, Linear Contract, Tensor? Prompts);
}
