using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>Draws parameters and remembers those that are trained.</summary>
/// <param name="full">Whether the backbone is trained too.</param>
internal sealed class Weights(bool full)
{
    private readonly List<Tensor> _trained = [];

    public IReadOnlyList<Tensor> Trained => _trained;

    /// <summary>A tensor of the backbone.</summary>
    public Tensor Backbone(params long[] shape) => Keep((randn(shape) * 0.02f).requires_grad_(full), full);

    /// <summary>A scale of the backbone.</summary>
    public Tensor Scale(long width) => Keep(ones(width).requires_grad_(full), full);

    /// <summary>A tensor of prompts or head.</summary>
    public Tensor Learned(params long[] shape) => Keep((randn(shape) * 0.02f).requires_grad_(true), true);

    /// <summary>A linear layer of the backbone.</summary>
    public Linear Linear(long inputs, long outputs) => new(Backbone(outputs, inputs), Backbone(outputs));

    /// <summary>A layer norm of the backbone.</summary>
    public Norm Norm(long width, double epsilon) => new(Scale(width), Backbone(width), epsilon);

    private Tensor Keep(Tensor tensor, bool trained)
    {
        // Parameters outlive the scope of a step.
        Tensor kept = tensor.DetachFromDisposeScope();
        if (trained)
            _trained.Add(kept);
        return kept;
    }
}

/// <summary>A linear layer.</summary>
internal sealed record Linear(Tensor Weight, Tensor Bias)
{
    public Tensor Apply(Tensor x) => nn.functional.linear(x, Weight, Bias);
}

/// <summary>A layer norm over the last dimension.</summary>
internal sealed record Norm(Tensor Scale, Tensor Shift, double Epsilon)
{
    public Tensor Apply(Tensor x) => nn.functional.layer_norm(x, [x.shape[^1]], Scale, Shift, Epsilon);
}
