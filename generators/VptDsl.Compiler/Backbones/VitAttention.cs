using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>The linear layers around a block's attention, and what happens to queries and keys between them and the scores.</summary>
internal sealed class VitAttention
{
    private readonly GraphBuilder _graph;
    private readonly VitSpec _vit;
    private readonly RotaryPositions? _rotary;
    private readonly Parameter _weight;
    private readonly ParameterSlice?[] _biases;
    private readonly TokenNorm?[] _norms;
    private readonly LowRankUpdate?[] _updates;
    private readonly LowRankUpdate? _backUpdate;
    private readonly Value? _places;
    private readonly Value _back;
    private readonly Value _backBias;

    public VitAttention(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, RotaryPositions? rotary, LoRASpec? lora, int layer)
    {
        int width = vit.Width;
        string name = $"blocks.{layer}.attn";
        (_graph, _vit, _rotary) = (graph, vit, rotary);
        _weight = parameters.Weight(name + ".qkv.weight", 3 * width, width);
        _biases = DeclareBiases(parameters, vit, name);
        _norms = vit.QueryKeyNorm ? [Norm("q_norm"), Norm("k_norm"), null] : [null, null, null];
        if (vit.RelativeBias)
            _places = DeclarePlaces(graph, parameters, vit, name, vit.IsImageReadAfter(layer));
        _back = graph.Read(parameters.Weight(name + ".proj.weight", width, width).AsMatrix(width));
        _backBias = graph.ReadRow(parameters.Bias(name + ".proj.bias", width));
        _updates = [Update(LoRATargets.Query, "query"), Update(LoRATargets.Key, "key"), Update(LoRATargets.Value, "value")];
        _backUpdate = Update(LoRATargets.Projection, "proj");

        LowRankUpdate? Update(LoRATargets target, string member) =>
            LowRankUpdate.Declare(graph, parameters, lora, target, $"{name}.{member}", width, width);

        TokenNorm Norm(string member) => TokenNorm.Declare(graph, parameters, $"{name}.{member}", vit.HeadWidth, vit.Epsilon);
    }

    /// <summary>The queries of a segment; in the first they are turned by their places.</summary>
    public Value Query(Value x, int segment) => Place(Project(x, 0, TokenSequence.Name(segment, "query")), segment);

    /// <summary>The keys of a segment; in the first they are turned by their places.</summary>
    public Value Key(Value x, int segment) => Place(Project(x, 1, TokenSequence.Name(segment, "key")), segment);

    /// <summary>Queries, keys or values, without places.</summary>
    public Value Project(Value x, int third, string name)
    {
        int width = _vit.Width;
        Value weight = _graph.Read(_weight.RowsOf(third * width, width));
        Value projected = _graph.Linear(x, weight, _biases[third] is { } bias ? _graph.Read(bias) : null, name);
        if (_updates[third] is { } update)
            projected = update.Add(projected, x, 0, name);
        return _norms[third] is { } norm ? EachHead(projected, norm, name) : projected;
    }

    /// <summary>What is added to the scores of a segment's queries by the first segment's keys; null where nothing is.</summary>
    /// <param name="rows">The queries: a class token, prompts where they are in the same sequence, patches.</param>
    /// <param name="segment">The segment.</param>
    public Value? Bias(int rows, int segment) => _places is null || segment > 0
        ? null
        : _graph.One(new ExpandRelativeBias(Positions(_vit, rows - 1 - _vit.Patches)), [_places], "relativeBias");

    public Value ProjectBack(Value x, string name)
    {
        Value projected = _graph.Linear(x, _back, _backBias, name);
        return _backUpdate is null ? projected : _backUpdate.Add(projected, x, 0, name);
    }

    /// <summary>The table of relative positions; no gradient reaches it where nothing reads the tokens whose scores it biases.</summary>
    private static Value DeclarePlaces(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, string name, bool isRead)
    {
        name += ".relative_position_bias_table";
        int places = Positions(vit, inserted: 0).Count;
        Parameter table = isRead
            ? parameters.Weight(name, places, vit.Heads)
            : parameters.Constant(
                name, ParameterKind.Backbone, new(Distribution.Normal, ParameterFactory.WeightDeviation), places, vit.Heads);
        return graph.Read(table.AsMatrix(places));
    }

    private static RelativePositions Positions(VitSpec vit, int inserted) => new(vit.Grid.Height, vit.Grid.Width, inserted);

    private static ParameterSlice?[] DeclareBiases(ParameterFactory parameters, VitSpec vit, string name)
    {
        int width = vit.Width;
        switch (vit.AttentionBias)
        {
            case AttentionBias.None:
                return [null, null, null];
            case AttentionBias.QueryAndValue:
                return [Bias(".q_bias", width).AsMatrix(1), null, Bias(".v_bias", width).AsMatrix(1)];
            default:
                Parameter all = Bias(".qkv.bias", 3 * width);
                return [.. Enumerable.Range(0, 3).Select(third => all.ElementsOf(third * width, width))];
        }

        Parameter Bias(string member, int columns) => parameters.Bias(name + member, columns);
    }

    private Value Place(Value x, int segment) => _rotary is null || segment > 0 ? x : _rotary.Turn(x, x.Name + "Turned");

    private Value EachHead(Value x, TokenNorm norm, string name)
    {
        Value heads = _graph.One(new SplitHeads(_vit.Heads), [x], name + "Heads");
        return _graph.One(new JoinHeads(_vit.Heads), [norm.Apply(heads, name + "HeadsNormalized")], name + "Normalized");
    }
}
