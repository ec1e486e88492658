using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>The MLP of a block, or of a pool: two linear layers with an activation or a gate between them.</summary>
internal sealed class VitMlp
{
    private readonly GraphBuilder _graph;
    private readonly VitSpec _vit;
    private readonly Parameter _first;
    private readonly Parameter _firstBias;
    private readonly TokenNorm? _norm;
    private readonly Value _second;
    private readonly Value _secondBias;
    private readonly LowRankUpdate? _firstUpdate;
    private readonly LowRankUpdate? _secondUpdate;

    public VitMlp(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, LoRASpec? lora, string name)
    {
        int outputs = vit.MlpForm == MlpForm.Plain ? vit.Mlp : 2 * vit.Mlp;
        (_graph, _vit) = (graph, vit);
        _first = parameters.Weight(name + ".fc1.weight", outputs, vit.Width);
        _firstBias = parameters.Bias(name + ".fc1.bias", outputs);
        _norm = vit.MlpForm == MlpForm.GatedAndNormalized
            ? TokenNorm.Declare(graph, parameters, name + ".norm", vit.Mlp, vit.Epsilon)
            : null;
        _second = graph.Read(parameters.Weight(name + ".fc2.weight", vit.Width, vit.Mlp).AsMatrix(vit.Width));
        _secondBias = graph.ReadRow(parameters.Bias(name + ".fc2.bias", vit.Width));
        _firstUpdate = LowRankUpdate.Declare(graph, parameters, lora, LoRATargets.MlpIn, name + ".fc1", vit.Width, outputs);
        _secondUpdate = LowRankUpdate.Declare(graph, parameters, lora, LoRATargets.MlpOut, name + ".fc2", vit.Mlp, vit.Width);
    }

    public Value Apply(Value x, int segment)
    {
        Value activated = _graph.Activate(
            _vit.MlpActivation, First(0, Named(_vit.MlpForm == MlpForm.Plain ? "hidden" : "gate")), Named("activated"));
        if (_vit.MlpForm != MlpForm.Plain)
            activated = _graph.Multiply(activated, First(1, Named("hidden")), Named("gated"));
        if (_norm is not null)
            activated = _norm.Apply(activated, Named("gatedNormalized"));
        Value output = _graph.Linear(activated, _second, _secondBias, Named("mlpOutput"));
        return _secondUpdate is null ? output : _secondUpdate.Add(output, activated, 0, Named("mlpOutput"));

        Value First(int part, string name)
        {
            Value linear = _graph.Linear(
                x,
                _graph.Read(_first.RowsOf(part * _vit.Mlp, _vit.Mlp)),
                _graph.Read(_firstBias.ElementsOf(part * _vit.Mlp, _vit.Mlp)),
                name);
            return _firstUpdate is null ? linear : _firstUpdate.Add(linear, x, part * _vit.Mlp, name);
        }

        string Named(string what) => TokenSequence.Name(segment, what);
    }
}
