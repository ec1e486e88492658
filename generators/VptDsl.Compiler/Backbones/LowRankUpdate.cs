using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>A low-rank update of a linear layer: what B · A, scaled, makes of the layer's input is added to what the layer makes.</summary>
internal sealed class LowRankUpdate
{
    private readonly GraphBuilder _graph;
    private readonly Value _down;
    private readonly Parameter _up;
    private readonly Value? _scale;
    private (Value Of, Value Bottleneck)? _latest;

    private LowRankUpdate(GraphBuilder graph, ParameterFactory parameters, LoRASpec lora, string name, int inputs, int outputs)
    {
        _graph = graph;

        // As the public code draws A: uniform over the fan-in.
        Parameter down = parameters.Declare(
            name + ".lora_A.weight", ParameterKind.AddedNetwork, new(Distribution.Uniform, 1 / Math.Sqrt(inputs)), lora.Rank, inputs);
        _up = parameters.Declare(name + ".lora_B.weight", ParameterKind.AddedNetwork, new(Distribution.Constant, 0), outputs, lora.Rank);
        _down = graph.Read(down.AsMatrix(lora.Rank));
        if (lora.Scale != 1)
        {
            _scale = graph.ReadRow(parameters.Constant(
                name + ".lora_scale", ParameterKind.Computed, new(Distribution.Constant, lora.Scale), lora.Rank));
        }
    }

    /// <summary>Declares the update of a layer; null where it has none.</summary>
    public static LowRankUpdate? Declare(
        GraphBuilder graph, ParameterFactory parameters, LoRASpec? lora, LoRATargets target, string name, int inputs, int outputs) =>
        lora is null || !lora.On.HasFlag(target) ? null : new(graph, parameters, lora, name, inputs, outputs);

    /// <summary>The layer's outputs from <paramref name="first"/> on with the update.</summary>
    public Value Add(Value output, Value x, int first, string name)
    {
        if (_latest is not { } latest || !ReferenceEquals(latest.Of, x))
        {
            Value product = _graph.Multiply(ProductLayout.NT, x, _down, name + "Bottleneck");
            Value scaled = _scale is null
                ? product
                : _graph.One(new ScaleColumns(Residual: false), [product, _scale], name + "ScaledBottleneck");
            _latest = latest = (x, scaled);
        }

        int outputs = output.Shape.Columns;
        Value up = _graph.Read(_up.RowsOf(first, outputs));
        return _graph.Add(_graph.Multiply(ProductLayout.NT, latest.Bottleneck, up, name + "Update"), output, name + "Updated");
    }
}
