using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// A vision transformer with prompts the way the paper's public code runs them: class token, registers, prompts and patches are one
/// sequence, and go through every part of every layer together.
/// </summary>
internal sealed class VitPeer : IPeerModel
{
    private readonly Weights _weights;
    private readonly VisionTransformerAttribute _vit;
    private readonly int _prompts;
    private readonly Tensor _embed;
    private readonly Tensor _embedBias;
    private readonly Tensor[] _prefix;
    private readonly Tensor? _positions;
    private readonly Rotary? _rotary;
    private readonly Block[] _blocks;
    private readonly Norm _norm;
    private readonly AttentionPool? _pool;
    private readonly Tensor _head;
    private readonly Tensor _headBias;

    /// <param name="weights">Where the parameters come from.</param>
    /// <param name="vit">The backbone: one with plain MLPs, and positions that are learned, rotary by halves, or both.</param>
    /// <param name="prompts">The prompts of a layer.</param>
    /// <param name="prompted">The layers that have prompts of their own.</param>
    /// <param name="classes">The classes of the head.</param>
    public VitPeer(Weights weights, VisionTransformerAttribute vit, int prompts, Range prompted, int classes)
    {
        var (first, count) = prompted.GetOffsetAndLength(vit.Layers);
        (_weights, _vit, _prompts) = (weights, vit, prompts);
        _embed = weights.Backbone("patch_embed.proj.weight", vit.Width, vit.Channels, vit.Patch, vit.Patch);
        _embedBias = weights.Backbone("patch_embed.proj.bias", vit.Width);
        _prefix = [.. CreatePrefix()];
        _positions = vit.Positions == PositionEmbedding.None
            ? null
            : weights.Backbone("pos_embed", 1, Before + (Side * Side), vit.Width);
        _rotary = vit.Rotary == RotaryEmbedding.None ? null : new(Side, vit.Width / vit.Heads);
        _blocks = [.. Enumerable.Range(0, vit.Layers).Select(i => CreateBlock(i, prompts > 0 && i >= first && i < first + count))];
        _norm = weights.Norm("norm", vit.Width, vit.Epsilon);
        _pool = vit.Pool == TokenPool.Attention ? new(weights, vit) : null;
        _head = weights.Learned("head.weight", classes, vit.Width);
        _headBias = weights.Learned("head.bias", classes);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Trained => _weights.Trained;

    /// <summary>The patches on a side of an image.</summary>
    private int Side => _vit.Image / _vit.Patch;

    /// <summary>The tokens before prompts and patches.</summary>
    private int Before => (_vit.ClassToken ? 1 : 0) + _vit.Registers;

    /// <inheritdoc/>
    public Tensor Forward(Tensor images)
    {
        long batch = images.shape[0];
        Tensor embedded = functional.conv2d(images, _embed, _embedBias, strides: [_vit.Patch, _vit.Patch]).flatten(2).transpose(1, 2);
        Tensor x = cat([.. _prefix.Select(t => t.expand(batch, -1, -1)), embedded], 1);
        if (_positions is not null)
            x = x + _positions;
        foreach (Block block in _blocks)
            x = Run(block, x);
        x = _norm.Apply(x);
        Tensor features = _pool is null ? x.narrow(1, 0, 1) : _pool.Apply(Patches(x));
        return functional.linear(features.squeeze(1), _head, _headBias);
    }

    /// <summary>What nothing reads again is freed at the end of the block, as Python's reference counts would.</summary>
    private Tensor Run(Block block, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        if (block.Prompts is { } prompts)
            x = cat([x.narrow(1, 0, Before), prompts.expand(x.shape[0], -1, -1), Patches(x)], 1);
        x = x + Scale(block.Scale1, Attend(block, block.Norm1.Apply(x)));
        x = x + Scale(block.Scale2, block.Mlp.Apply(block.Norm2.Apply(x)));
        return x.MoveToOuterDisposeScope();
    }

    private Tensor Patches(Tensor x) => x.narrow(1, x.shape[1] - (Side * Side), Side * Side);

    private static Tensor Scale(Tensor? gamma, Tensor x) => gamma is null ? x : gamma * x;

    private Tensor Attend(Block block, Tensor x)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        Tensor qkv = block.Qkv.Apply(x).reshape(batch, tokens, 3, _vit.Heads, width / _vit.Heads).permute(2, 0, 3, 1, 4);
        Tensor query = _rotary?.Turn(qkv[0]) ?? qkv[0], key = _rotary?.Turn(qkv[1]) ?? qkv[1];
        Tensor attended = functional.scaled_dot_product_attention(query, key, qkv[2]);
        return block.Projection.Apply(attended.transpose(1, 2).reshape(batch, tokens, width));
    }

    private IEnumerable<Tensor> CreatePrefix()
    {
        if (_vit.ClassToken)
            yield return _weights.Backbone("cls_token", 1, 1, _vit.Width);
        if (_vit.Registers > 0)
            yield return _weights.Backbone("reg_token", 1, _vit.Registers, _vit.Width);
    }

    private Block CreateBlock(int layer, bool prompted)
    {
        string name = $"blocks.{layer}";
        int width = _vit.Width;
        bool scales = _vit.LayerScale;
        return new(
            _weights.Norm(name + ".norm1", width, _vit.Epsilon),
            _weights.Linear(name + ".attn.qkv", width, 3 * width, hasBias: _vit.AttentionBias == AttentionBias.All),
            _weights.Linear(name + ".attn.proj", width, width), scales ? _weights.Scale(name + ".ls1.gamma", width) : null,
            _weights.Norm(name + ".norm2", width, _vit.Epsilon), Mlp.Create(_weights, _vit, name + ".mlp"),
            scales ? _weights.Scale(name + ".ls2.gamma", width) : null,
            prompted ? _weights.Learned($"prompts.{layer}", 1, _prompts, width) : null);
    }

    private sealed record Block(
        Norm Norm1, Linear Qkv, Linear Projection, Tensor? Scale1, Norm Norm2, Mlp Mlp, Tensor? Scale2, Tensor? Prompts);
}
