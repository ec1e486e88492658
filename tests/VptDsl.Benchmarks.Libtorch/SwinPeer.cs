using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// A Swin transformer with prompts the way the paper's public code runs them: one sequence of prompts and patches, the prompts in front
/// of every window, their outputs the mean over the windows.
/// </summary>
internal sealed class SwinPeer : IPeerModel
{
    private const int Window = 7;
    private const int Head = 32;

    private readonly Weights _weights;
    private readonly int _prompts;
    private readonly Tensor _embed;
    private readonly Tensor _embedBias;
    private readonly Norm _embedNorm;
    private readonly Stage[] _stages;
    private readonly Norm _norm;
    private readonly Tensor _head;
    private readonly Tensor _headBias;

    /// <param name="weights">Where the parameters come from.</param>
    /// <param name="depths">The blocks of each stage.</param>
    /// <param name="width">The width of the first stage.</param>
    /// <param name="prompts">The prompts of a block; 0 for none.</param>
    /// <param name="deep">Whether every block has its own, or the first alone.</param>
    /// <param name="classes">The classes of the head.</param>
    public SwinPeer(Weights weights, int[] depths, int width, int prompts, bool deep, int classes)
    {
        _weights = weights;
        _prompts = prompts;
        _embed = weights.Backbone("patch_embed.proj.weight", width, 3, 4, 4);
        _embedBias = weights.Backbone("patch_embed.proj.bias", width);
        _embedNorm = weights.Norm("patch_embed.norm", width, 1e-5);
        int side = 56;
        _stages = [.. depths.Select((depth, s) => CreateStage(width << s, depths, side >> s, s, deep))];
        long last = (long)width << (depths.Length - 1);
        _norm = weights.Norm("norm", last, 1e-5);
        _head = weights.Learned("head.weight", classes, last);
        _headBias = weights.Learned("head.bias", classes);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Trained => _weights.Trained;

    /// <inheritdoc/>
    public Tensor Forward(Tensor images)
    {
        Tensor x = functional.conv2d(images, _embed, _embedBias, strides: [4, 4]).flatten(2).transpose(1, 2);
        x = _embedNorm.Apply(x);
        bool prompted = false;
        foreach (Stage stage in _stages)
        {
            for (int i = 0; i < stage.Blocks.Length; i++)
            {
                x = Run(stage, i, x, prompted);
                prompted |= stage.Blocks[i].Prompts is not null;
            }

            if (stage.Merge is { } merge)
                x = merge.Reduction(stage.MergeNorm!.Apply(Neighbours(x, stage.Side)));
        }

        return functional.linear(_norm.Apply(x).mean([1]), _head, _headBias);
    }

    /// <summary>What nothing reads again is freed at the end of the block, as Python's reference counts would.</summary>
    private Tensor Run(Stage stage, int index, Tensor x, bool prompted)
    {
        using DisposeScope scope = NewDisposeScope();
        Block block = stage.Blocks[index];
        if (block.Prompts is { } prompts)
        {
            Tensor patches = prompted ? x.narrow(1, _prompts, x.shape[1] - _prompts) : x;
            x = cat([prompts.expand(x.shape[0], -1, -1), patches], 1);
        }

        Tensor y = block.Norm1.Apply(x);
        x = x + Attend(block, y, stage.Side, index % 2 == 1 && stage.Side > Window ? Window / 2 : 0, stage.Mask);
        x = x + block.Contract.Apply(functional.gelu(block.Expand.Apply(block.Norm2.Apply(x))));
        return x.MoveToOuterDisposeScope();
    }

    private Tensor Attend(Block block, Tensor x, int side, int shift, Tensor mask)
    {
        long batch = x.shape[0], width = x.shape[2], heads = width / Head, windows = (long)(side / Window) * (side / Window);
        long area = Window * Window, rows = _prompts + area;
        Tensor patches = x.narrow(1, _prompts, (long)side * side).reshape(batch, side, side, width);
        if (shift > 0)
            patches = patches.roll([-shift, -shift], [1, 2]);
        Tensor tiles = patches.reshape(batch, side / Window, Window, side / Window, Window, width).permute(0, 1, 3, 2, 4, 5)
            .reshape(batch * windows, area, width);
        Tensor tokens = _prompts == 0
            ? tiles
            : cat([x.narrow(1, 0, _prompts).unsqueeze(1).expand(-1, windows, -1, -1).reshape(batch * windows, _prompts, width), tiles], 1);

        Tensor qkv = block.Qkv.Apply(tokens).reshape(batch * windows, rows, 3, heads, Head).permute(2, 0, 3, 1, 4);
        Tensor scores = (qkv[0] * (1 / Math.Sqrt(Head))).matmul(qkv[1].transpose(-2, -1));
        scores = scores + functional.pad(block.Bias, [_prompts, 0, _prompts, 0]);
        if (shift > 0)
        {
            Tensor padded = functional.pad(mask, [_prompts, 0, _prompts, 0]);
            scores = (scores.reshape(batch, windows, heads, rows, rows) + padded.unsqueeze(1)).reshape(batch * windows, heads, rows, rows);
        }

        Tensor attended = scores.softmax(-1).matmul(qkv[2]).transpose(1, 2).reshape(batch * windows, rows, width);
        attended = block.Projection.Apply(attended);
        Tensor merged = attended.narrow(1, _prompts, area).reshape(batch, side / Window, side / Window, Window, Window, width)
            .permute(0, 1, 3, 2, 4, 5).reshape(batch, side, side, width);
        if (shift > 0)
            merged = merged.roll([shift, shift], [1, 2]);
        merged = merged.reshape(batch, (long)side * side, width);
        return _prompts == 0
            ? merged
            : cat([attended.narrow(1, 0, _prompts).reshape(batch, windows, _prompts, width).mean([1]), merged], 1);
    }

    /// <summary>Four neighbours side by side; a prompt beside itself.</summary>
    private Tensor Neighbours(Tensor x, int side)
    {
        long batch = x.shape[0], width = x.shape[2];
        Tensor patches = x.narrow(1, _prompts, (long)side * side).reshape(batch, side / 2, 2, side / 2, 2, width)
            .permute(0, 1, 3, 4, 2, 5).reshape(batch, (long)side * side / 4, 4 * width);
        return _prompts == 0 ? patches : cat([x.narrow(1, 0, _prompts).repeat(1, 1, 4), patches], 1);
    }

    private Stage CreateStage(long width, int[] depths, int side, int stage, bool deep)
    {
        bool isLast = stage == depths.Length - 1;
        int before = depths.Take(stage).Sum();
        Block[] blocks =
        [
            .. Enumerable.Range(0, depths[stage]).Select(i => CreateBlock($"layers.{stage}.blocks.{i}", width, before + i, deep)),
        ];
        string down = $"layers.{stage}.downsample";
        return new(
            side, blocks, isLast ? null : _weights.Norm(down + ".norm", 4 * width, 1e-5),
            isLast ? null : new(_weights.Backbone(down + ".reduction.weight", 2 * width, 4 * width)), Mask(side, Window / 2));
    }

    private Block CreateBlock(string name, long width, int layer, bool deep) => new(
        _weights.Norm(name + ".norm1", width, 1e-5), _weights.Linear(name + ".attn.qkv", width, 3 * width),
        _weights.PositionBias(name + ".attn.relative_position_bias_table", width / Head, Window),
        _weights.Linear(name + ".attn.proj", width, width),
        _weights.Norm(name + ".norm2", width, 1e-5), _weights.Linear(name + ".mlp.fc1", width, 4 * width),
        _weights.Linear(name + ".mlp.fc2", 4 * width, width),
        _prompts > 0 && (deep || layer == 0) ? _weights.Learned($"prompts.{layer}", 1, _prompts, width) : null);

    /// <summary>
    /// What is added to scores in shifted windows, [windows, area, area]: tokens that come from opposite sides of the image do not see each
    /// other.
    /// </summary>
    private static Tensor Mask(int side, int shift)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor place = arange(side), strip = (place >= side - Window).to(ScalarType.Int64) + (place >= side - shift).to(ScalarType.Int64);
        Tensor region = ((strip.unsqueeze(1) * 3) + strip.unsqueeze(0)).reshape(side / Window, Window, side / Window, Window)
            .permute(0, 2, 1, 3).reshape(-1, Window * Window);
        return ((region.unsqueeze(1) != region.unsqueeze(2)).to(ScalarType.Float32) * -100f).DetachFromDisposeScope();
    }

    private sealed record Stage(int Side, Block[] Blocks, Norm? MergeNorm, Merge? Merge, Tensor Mask);

    private sealed record Merge(Tensor Weight)
    {
        public Tensor Reduction(Tensor x) => functional.linear(x, Weight);
    }

    private sealed record Block(
        Norm Norm1, Linear Qkv, Tensor Bias, Linear Projection, Norm Norm2, Linear Expand, Linear Contract, Tensor? Prompts);
}
