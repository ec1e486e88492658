using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Planning;

/// <summary>
/// Keeps what the backward pass reads of the forward pass in bfloat16: packed after its last reader of the forward pass, and unpacked
/// for each part of the backward pass that reads it, next to its first reader there.
/// </summary>
/// <remarks>
/// <para>The forward pass reads what it computed, so that logits and losses stay as they are.</para>
/// <para>
/// A value is packed as the whole that it is a view of: query, key and value stay columns of one product. It stays as it is where a
/// reader needs it exactly (<see cref="Operation.TakesRounded"/>), where a column would have no neighbour, where it lies outside the
/// arena, and where no other part of the model runs between the readers of both passes: what the head saves waits for nothing.
/// </para>
/// </remarks>
internal sealed class PackSaved
{
    private readonly DataflowGraph _graph;
    private readonly GraphRewriter _rewriter = new();
    private readonly Dictionary<Value, Saved> _saved = [];
    private readonly Dictionary<(Value Root, Scope Scope), Value> _unpacked = [];
    private readonly Dictionary<(Value View, Scope Scope), Value> _views = [];

    private PackSaved(DataflowGraph graph)
    {
        _graph = graph;
        FindSaved();
    }

    public static DataflowGraph Run(DataflowGraph graph) =>
        new PackSaved(new DataflowGraph(Schedule.Order(graph), graph.Results)).Run();

    private DataflowGraph Run()
    {
        ILookup<int, Value> packedAfter = _saved.ToLookup(s => s.Value.LastForward, s => s.Key);
        for (int i = 0; i < _graph.Nodes.Count; i++)
        {
            Node node = _graph.Nodes[i];
            bool unpacks = node.Scope.Backward && !node.IsView;
            _rewriter.Replace(
                node, node.Operation, [.. node.Inputs.Select(input => unpacks ? ForBackward(input, node.Scope) : _rewriter[input])]);
            foreach (Value root in packedAfter[i])
            {
                _rewriter.Builder.Scope = node.Scope;
                _saved[root].Packed = _rewriter.Builder.One(new PackPairs(), [_rewriter[root]], root.Name + "Packed");
            }
        }

        return _rewriter.Build(_graph);
    }

    /// <summary>Finds the values to pack, each with its last reader of the forward pass.</summary>
    private void FindSaved()
    {
        var last = new Dictionary<Value, int>();
        var first = new Dictionary<Value, int>();
        var exact = new HashSet<Value>(_graph.Results.Select(r => Root(r.Value)));
        for (int i = 0; i < _graph.Nodes.Count; i++)
        {
            Node node = _graph.Nodes[i];
            foreach (Value output in node.Outputs.OfType<Value>().Where(_ => !node.IsView && !node.Scope.Backward))
                last[output] = i;
            for (int input = 0; input < node.Inputs.Count; input++)
            {
                Value root = Root(node.Inputs[input]);
                if (node.IsView || !last.ContainsKey(root))
                    continue;
                if (!node.Scope.Backward)
                {
                    last[root] = i;
                    continue;
                }

                if (!first.ContainsKey(root))
                    first.Add(root, i);
                if (!node.Operation.TakesRounded(input))
                    exact.Add(root);
            }
        }

        foreach (Value root in _graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(first.ContainsKey))
        {
            bool canBePacked =
                root.Shape.Batched && root.Shape.Columns % 2 == 0 && root.Producer.Inputs.Count > 0 && !exact.Contains(root);
            if (canBePacked && Waits(last[root], first[root]))
                _saved.Add(root, new(last[root]));
        }
    }

    /// <summary>Whether another part of the model runs between the last reader of one pass and the first of the other.</summary>
    private bool Waits(int last, int first)
    {
        Scope own = _graph.Nodes[last].Scope;
        for (int i = last + 1; i < first; i++)
        {
            Scope other = _graph.Nodes[i].Scope;
            if (_graph.Nodes[i].Operation is not PlacedOperation && (other.Part, other.Layer) != (own.Part, own.Layer))
                return true;
        }

        return false;
    }

    /// <summary>What a reader of the backward pass gets: of what is packed, a view of what was unpacked for its part of the pass.</summary>
    private Value ForBackward(Value value, Scope scope)
    {
        Value root = Root(value);
        if (!_saved.TryGetValue(root, out Saved? saved))
            return _rewriter[value];
        if (ReferenceEquals(value, root))
        {
            if (!_unpacked.TryGetValue((root, scope), out Value? unpacked))
            {
                _rewriter.Builder.Scope = scope;
                unpacked = _rewriter.Builder.One(new UnpackPairs(), [saved.Packed!], root.Name + "Unpacked");
                _unpacked.Add((root, scope), unpacked);
            }

            return unpacked;
        }

        if (!_views.TryGetValue((value, scope), out Value? view))
        {
            Value viewed = ForBackward(value.Producer.Inputs[0], scope);
            _rewriter.Builder.Scope = scope;
            view = _rewriter.Builder.One(value.Producer.Operation, [viewed], value.Name + "Unpacked");
            _views.Add((value, scope), view);
        }

        return view;
    }

    private static Value Root(Value value)
    {
        while (value.Producer.IsView)
            value = value.Producer.Inputs[0];
        return value;
    }

    /// <summary>A value that is packed.</summary>
    /// <param name="LastForward">The place of its last reader of the forward pass, or where it has none of its producer.</param>
    private sealed record Saved(int LastForward)
    {
        public Value? Packed { get; set; }
    }
}
