using TorchSharp;
using VptDsl.Weights;
using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// Draws parameters, or reads them from a file under the names that VptDsl has for them, and remembers those that are trained.
/// </summary>
/// <param name="full">Whether the backbone is trained too.</param>
/// <param name="file">The file; null to draw.</param>
internal sealed class Weights(bool full, SafetensorsFile? file)
{
    private readonly List<Tensor> _trained = [];

    public IReadOnlyList<Tensor> Trained => _trained;

    /// <summary>A tensor of the backbone.</summary>
    public Tensor Backbone(string name, params long[] shape) => Keep(Read(name, shape) ?? (randn(shape) * 0.02f), full);

    /// <summary>A tensor of prompts or head.</summary>
    public Tensor Learned(string name, params long[] shape) => Keep(Read(name, shape) ?? (randn(shape) * 0.02f), true);

    /// <summary>A scale of each channel.</summary>
    public Tensor Scale(string name, long width) => Keep(Read(name, width) ?? ones(width), full);

    /// <summary>A linear layer of the backbone.</summary>
    public Linear Linear(string name, long inputs, long outputs, bool hasBias = true) =>
        new(Backbone(name + ".weight", outputs, inputs), hasBias ? Backbone(name + ".bias", outputs) : null);

    /// <summary>A layer norm of the backbone.</summary>
    public Norm Norm(string name, long width, double epsilon) =>
        new(Scale(name + ".weight", width), Backbone(name + ".bias", width), epsilon);

    /// <summary>
    /// A table of relative positions in windows, [positions, heads], looked up: [heads, area, area]. Where it is frozen a real
    /// implementation would keep it so too.
    /// </summary>
    public Tensor PositionBias(string name, long heads, long window)
    {
        using DisposeScope scope = NewDisposeScope();
        long offsets = (2 * window) - 1, area = window * window;
        Tensor table = Read(name, offsets * offsets, heads) ?? (randn(offsets * offsets, heads) * 0.02f);
        Tensor token = arange(area), row = token.floor_divide(window), column = token.remainder(window);
        Tensor index = ((Differences(row) + window - 1) * offsets) + Differences(column) + window - 1;
        return Keep(table.index_select(0, index.flatten()).reshape(area, area, heads).permute(2, 0, 1).contiguous(), full);

        static Tensor Differences(Tensor of) => of.unsqueeze(1) - of.unsqueeze(0);
    }

    private Tensor? Read(string name, params long[] shape) => file is null ? null : tensor(file.ReadFloats(name)).reshape(shape);

    private Tensor Keep(Tensor values, bool trained)
    {
        // Parameters outlive the scope of a step.
        Tensor kept = values.requires_grad_(trained).DetachFromDisposeScope();
        if (trained)
            _trained.Add(kept);
        return kept;
    }
}

/// <summary>A linear layer.</summary>
internal sealed record Linear(Tensor Weight, Tensor? Bias)
{
    public Tensor Apply(Tensor x) => nn.functional.linear(x, Weight, Bias);
}

/// <summary>A layer norm over the last dimension.</summary>
internal sealed record Norm(Tensor Scale, Tensor Shift, double Epsilon)
{
    public Tensor Apply(Tensor x) => nn.functional.layer_norm(x, [x.shape[^1]], Scale, Shift, Epsilon);
}
