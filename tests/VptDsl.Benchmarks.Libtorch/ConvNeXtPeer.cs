using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// ConvNeXt with learned pixels around the image, as in torchvision: convolutions channels first, the rest channels last. The pixels are
/// colours, normalised as images are, which is how the public code of VPT has them.
/// </summary>
internal sealed class ConvNeXtPeer : IPeerModel
{
    private readonly Tensor _mean = tensor(new[] { 0.485f, 0.456f, 0.406f }).reshape(1, 3, 1, 1);
    private readonly Tensor _deviation = tensor(new[] { 0.229f, 0.224f, 0.225f }).reshape(1, 3, 1, 1);

    private readonly Tensor? _topBottom;
    private readonly Tensor? _leftRight;
    private readonly Stage[] _stages;
    private readonly Norm _norm;
    private readonly Tensor _head;
    private readonly Tensor _headBias;
    private readonly Weights _weights;

    /// <param name="weights">Where the parameters come from.</param>
    /// <param name="depths">The blocks of each stage.</param>
    /// <param name="width">The channels of the first stage.</param>
    /// <param name="pixels">Learned pixels on each side; 0 for none.</param>
    /// <param name="classes">The classes of the head.</param>
    public ConvNeXtPeer(Weights weights, int[] depths, int width, int pixels, int classes)
    {
        _weights = weights;
        if (pixels > 0)
        {
            _topBottom = weights.Learned("prompts.tb", 1, 3, 2 * pixels, 224 + (2 * pixels));
            _leftRight = weights.Learned("prompts.lr", 1, 3, 224, 2 * pixels);
        }

        _stages = [.. depths.Select((depth, s) => CreateStage(s, width << s, depth))];
        long last = (long)width << (depths.Length - 1);
        _norm = weights.Norm("norm", last, 1e-6);
        _head = weights.Learned("head.weight", classes, last);
        _headBias = weights.Learned("head.bias", classes);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Trained => _weights.Trained;

    /// <inheritdoc/>
    public Tensor Forward(Tensor images)
    {
        Tensor x = _topBottom is null ? images : Pad(images, (_topBottom - _mean) / _deviation, (_leftRight! - _mean) / _deviation);
        foreach (Stage stage in _stages)
        {
            if (stage.NormFirst)
                x = ChannelsFirst(stage.Norm.Apply(ChannelsLast(x)));
            long stride = stage.Down.shape[2];
            x = functional.conv2d(x, stage.Down, stage.DownBias, strides: [stride, stride]);
            if (!stage.NormFirst)
                x = ChannelsFirst(stage.Norm.Apply(ChannelsLast(x)));
            foreach (Block block in stage.Blocks)
                x = Apply(block, x);
        }

        return functional.linear(_norm.Apply(x.mean([2, 3])), _head, _headBias);
    }

    /// <summary>What nothing reads again is freed at the end of the block, as Python's reference counts would.</summary>
    private static Tensor Apply(Block block, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        long channels = x.shape[1];
        Tensor y = functional.conv2d(x, block.Depthwise, block.DepthwiseBias, padding: [3, 3], groups: channels);
        y = block.Contract.Apply(functional.gelu(block.Expand.Apply(block.Norm.Apply(ChannelsLast(y)))));
        return (x + ChannelsFirst(block.Gamma * y)).MoveToOuterDisposeScope();
    }

    private static Tensor Pad(Tensor images, Tensor topBottom, Tensor leftRight)
    {
        long batch = images.shape[0];
        Tensor[] sides = leftRight.expand(batch, -1, -1, -1).chunk(2, 3);
        Tensor[] ends = topBottom.expand(batch, -1, -1, -1).chunk(2, 2);
        Tensor wide = cat([sides[0], images, sides[1]], 3);
        return cat([ends[0], wide, ends[1]], 2);
    }

    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1);

    private static Tensor ChannelsFirst(Tensor x) => x.permute(0, 3, 1, 2);

    private Stage CreateStage(int index, long width, int depth)
    {
        long before = index == 0 ? 3 : width / 2, kernel = index == 0 ? 4 : 2;
        string down = $"downsample_layers.{index}.{(index == 0 ? 0 : 1)}", norm = $"downsample_layers.{index}.{(index == 0 ? 1 : 0)}";
        Block[] blocks = [.. Enumerable.Range(0, depth).Select(i => CreateBlock($"stages.{index}.{i}", width))];
        return new(
            index > 0, _weights.Norm(norm, index == 0 ? width : before, 1e-6),
            _weights.Backbone(down + ".weight", width, before, kernel, kernel), _weights.Backbone(down + ".bias", width), blocks);
    }

    private Block CreateBlock(string name, long width) => new(
        _weights.Backbone(name + ".dwconv.weight", width, 1, 7, 7), _weights.Backbone(name + ".dwconv.bias", width),
        _weights.Norm(name + ".norm", width, 1e-6),
        _weights.Linear(name + ".pwconv1", width, 4 * width), _weights.Linear(name + ".pwconv2", 4 * width, width),
        _weights.Scale(name + ".gamma", width));

    private sealed record Stage(bool NormFirst, Norm Norm, Tensor Down, Tensor DownBias, Block[] Blocks);

    private sealed record Block(Tensor Depthwise, Tensor DepthwiseBias, Norm Norm, Linear Expand, Linear Contract, Tensor Gamma);
}
