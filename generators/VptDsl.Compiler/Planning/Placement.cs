using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>
/// Decides which values share memory: slices are views, parts of a concatenation are written where they end up, gradients of
/// parameters go straight to their region, and a result takes the place of an operand that nothing reads any more.
/// </summary>
internal sealed class Placement
{
    private readonly Dictionary<Value, (Value Parent, int Row, int Column)> _views = [];
    private readonly Dictionary<Value, Address> _fixed = [];
    private readonly HashSet<(Node Concat, int Part)> _copied = [];
    private readonly Dictionary<Value, int> _definitions = [];
    private readonly Dictionary<Value, int> _lastUses = [];
    private readonly Dictionary<Value, int> _memoryLastUses = [];
    private readonly IReadOnlyList<Node> _nodes;
    private readonly ParameterPlan _parameters;

    public Placement(IReadOnlyList<Node> nodes, IReadOnlyList<Result> results, ParameterPlan parameters)
    {
        _nodes = nodes;
        _parameters = parameters;
        foreach (Node node in nodes)
            PlaceLeaf(node);
        foreach (Result result in results.Where(r => r.Role is not (ResultRole.Logits or ResultRole.Losses or ResultRole.Correct)))
            PlaceResult(result);
        foreach (Node node in nodes)
            PlaceViews(node);
        MeasureLifetimes(results);
        foreach (var lifetime in RootLifetimes())
            _memoryLastUses[lifetime.Key] = lifetime.Value.Last;
        for (int i = 0; i < nodes.Count; i++)
            ReuseInput(nodes[i], i);
    }

    /// <summary>Results that cannot be computed where they belong and have to be copied there.</summary>
    public List<Result> CopiedResults { get; } = [];

    /// <summary>Whether a part of a concatenation has to be copied into it.</summary>
    public bool IsCopied(Node concat, int part) => _copied.Contains((concat, part));

    /// <summary>Whether the value has a place outside the arena.</summary>
    public bool IsFixed(Value value) => _fixed.ContainsKey(value);

    /// <summary>The value in whose memory another one lies.</summary>
    public Value Root(Value value)
    {
        while (_views.TryGetValue(value, out var view))
            value = view.Parent;
        return value;
    }

    /// <summary>The layout of a value in the memory of its root.</summary>
    public Layout LayoutOf(Value value)
    {
        Shape root = Root(value).Shape, shape = value.Shape;
        return value.Producer.Operation is ReadParameter { Slice.Parameter: var parameter } && _parameters.IsInPairs(parameter)
            ? new(shape.Batched, shape.Rows, shape.Columns, 0, shape.Columns / 2) { InPairs = true }
            : new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? root.Count : 0, root.Columns);
    }

    /// <summary>The place of a value, given those of the roots in the arena.</summary>
    public Address AddressOf(Value value, Func<Value, Address> arena)
    {
        long row = 0, column = 0;
        while (_views.TryGetValue(value, out var view))
        {
            row += view.Row;
            column += view.Column;
            value = view.Parent;
        }

        Address root = _fixed.TryGetValue(value, out Address? place) ? place : arena(value);
        return root.Plus((row * value.Shape.Columns) + column);
    }

    /// <summary>
    /// The place outside the arena where a gradient, a statistic, a folded constant, the features or the embedding belong.
    /// </summary>
    public Address TargetOf(Result result) => result.Role switch
    {
        ResultRole.Features => new(Region.Features, 0, 0),
        ResultRole.Embedding => new(Region.Embeddings, 0, 0),
        ResultRole.Statistic or ResultRole.Folded => _parameters.AddressOf(result.Parameter!),
        _ => _parameters.AddressOf(result.Parameter!) with { Region = Region.Gradients },
    };

    private void PlaceLeaf(Node node)
    {
        switch (node.Operation)
        {
            case ReadParameter { Slice: var slice }:
                _fixed.Add(node.Outputs[0]!, _parameters.AddressOf(slice));
                break;
            case ReadImages:
                _fixed.Add(node.Outputs[0]!, new(Region.Inputs, 0, 0));
                break;
            case ReadLabels:
                _fixed.Add(node.Outputs[0]!, new(Region.Labels, 0, 0));
                break;
            case ReadImageWeights:
                _fixed.Add(node.Outputs[0]!, new(Region.ImageWeights, 0, 0));
                break;
            case ReadSoftening:
                _fixed.Add(node.Outputs[0]!, new(Region.Softening, 0, 0));
                break;
            case ReadNoise noise:
                _fixed.Add(node.Outputs[0]!, new(Region.Noise, 0, noise.Place * ReadNoise.Numbers));
                break;
            case ReadFeatures:
                _fixed.Add(node.Outputs[0]!, new(Region.Features, 0, 0));
                break;
        }
    }

    private void PlaceResult(Result result)
    {
        if (result.Role == ResultRole.Statistic)
            RequireNoOtherReader(result);
        if (_fixed.ContainsKey(result.Value) || result.Value.Producer.IsView)
            CopiedResults.Add(result);
        else
            _fixed.Add(result.Value, TargetOf(result));
    }

    /// <summary>A statistic's next value is written over it: who else read it would find the one or the other.</summary>
    private void RequireNoOtherReader(Result statistic)
    {
        foreach (Node node in _nodes)
        {
            if (!ReferenceEquals(node, statistic.Value.Producer)
                && node.Inputs.Any(i =>
                    i.Producer.Operation is ReadParameter { Slice: var slice } && slice.Parameter == statistic.Parameter!.Parameter))
            {
                throw new GraphException($"{node} reads {statistic.Parameter}, which {statistic.Value.Producer} overwrites.");
            }
        }
    }

    private void PlaceViews(Node node)
    {
        switch (node.Operation)
        {
            case SliceRows rows:
                _views.Add(node.Outputs[0]!, (node.Inputs[0], rows.Start, 0));
                break;
            case SliceColumns columns:
                _views.Add(node.Outputs[0]!, (node.Inputs[0], 0, columns.Start));
                break;
            case ConcatRows or ConcatColumns:
                Value whole = node.Outputs[0]!;
                int row = 0, column = 0;
                for (int i = 0; i < node.Inputs.Count; i++)
                {
                    Value part = node.Inputs[i];
                    if (_fixed.ContainsKey(part) || _views.ContainsKey(part) || part.Producer.IsView
                        || part.Shape.Batched != whole.Shape.Batched)
                    {
                        _copied.Add((node, i));
                    }
                    else
                    {
                        _views.Add(part, (whole, row, column));
                    }

                    if (node.Operation is ConcatRows)
                        row += part.Shape.Rows;
                    else
                        column += part.Shape.Columns;
                }

                break;
        }
    }

    private void MeasureLifetimes(IReadOnlyList<Result> results)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            foreach (Value? output in _nodes[i].Outputs)
            {
                if (output is not null)
                    _definitions[output] = _lastUses[output] = i;
            }

            foreach (Value input in _nodes[i].Inputs)
                _lastUses[input] = i;
        }

        foreach (Result result in results)
            _lastUses[result.Value] = _nodes.Count;
    }

    /// <summary>The first definition and the last use of everything that lies in a root's memory.</summary>
    public Dictionary<Value, (int First, int Last)> RootLifetimes()
    {
        var lifetimes = new Dictionary<Value, (int First, int Last)>();
        foreach (var definition in _definitions)
        {
            Value root = Root(definition.Key);
            int first = definition.Value, last = _lastUses[definition.Key];
            lifetimes[root] = lifetimes.TryGetValue(root, out var known)
                ? (Math.Min(known.First, first), Math.Max(known.Last, last))
                : (first, last);
        }

        return lifetimes;
    }

    private void ReuseInput(Node node, int index)
    {
        if (node.Operation.InPlaceInput < 0 || node.Outputs[0] is not { } output)
            return;
        Value input = node.Inputs[node.Operation.InPlaceInput];
        bool isFree = !_fixed.ContainsKey(input) && !_views.ContainsKey(input) && input.Shape == output.Shape;
        bool isReadOnce = node.Inputs.Count(i => ReferenceEquals(Root(i), input)) == 1;
        Value target = Root(output);
        if (!isFree || !isReadOnce || ReferenceEquals(target, input) || _memoryLastUses[input] > index)
            return;
        _views.Add(input, (output, 0, 0));
        _memoryLastUses[target] = Math.Max(_memoryLastUses[target], _memoryLastUses[input]);
    }
}
