using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Makes one product of several that share an operand and whose weights are neighbours in one tensor: query, key and value of a layer
/// and their gradients; for inference also where low-rank updates were added to the weights.
/// </summary>
internal sealed class MergeProducts
{
    private readonly DataflowGraph _graph;
    private readonly Uses _uses;
    private readonly GraphRewriter _rewriter = new();
    private readonly Dictionary<string, Value> _concatenations = [];
    private readonly Dictionary<string, Value> _stacks = [];
    private readonly Dictionary<Node, Node[]> _forwardGroups = [];

    private MergeProducts(DataflowGraph graph)
    {
        _graph = graph;
        _uses = new Uses(graph);
    }

    public static DataflowGraph Run(DataflowGraph graph) => new MergeProducts(graph).Run();

    private DataflowGraph Run()
    {
        FindForwardGroups();
        var done = new HashSet<Node>();
        foreach (Node node in _graph.Nodes)
        {
            if (done.Contains(node))
                continue;
            if (_forwardGroups.TryGetValue(node, out Node[]? group))
            {
                MergeForward(group);
                done.UnionWith(group);
            }
            else if (node.Operation is Add && !IsTermOfLargerSum(node))
            {
                MergeSum(node);
            }
            else
            {
                _rewriter.Copy(node);
            }
        }

        return _rewriter.Builder.Build(MergeGradients());
    }

    /// <summary>Linear layers on the same input whose weights, and biases where they have any, follow each other.</summary>
    private void FindForwardGroups()
    {
        var candidates = _graph.Nodes.Where(n => n.Operation is Product { Layout: ProductLayout.NT } product
            && (product.Epilogue == Epilogue.WithBias || product.Epilogue == Epilogue.None)
            && (Slice(n.Inputs[1]) is not null || IsUpdated(n)) && n.Inputs.Skip(2).All(i => Slice(i) is not null));
        foreach (var sharing in candidates.GroupBy(n => (n.Inputs[0], n.Inputs.Count)))
        {
            Func<Node, ParameterSlice>[] slices =
                [.. Enumerable.Range(1, sharing.Key.Count - 1).Select(i => (Func<Node, ParameterSlice>)(n => PlaceOf(n.Inputs[i])!))];
            foreach (Node[] group in Neighbours(sharing.ToArray(), slices))
            {
                Node first = group.OrderBy(n => n.Outputs[0]!.Id).First();
                if (group.All(n => Slice(n.Inputs[1]) is not null || n.Inputs[1].Id < first.Outputs[0]!.Id))
                    _forwardGroups[first] = group;
            }
        }
    }

    /// <summary>Whether an update was added to a layer's weight. Only where images go through it are its neighbours worth a copy.</summary>
    private static bool IsUpdated(Node layer) => layer.Inputs[0].Shape.Batched
        && layer.Inputs[1] is { Shape.Batched: false, Producer: { Operation: Add } sum } && Slice(sum.Inputs[1]) is not null;

    /// <summary>Where a parameter lies, or the one that an update was added to.</summary>
    private static ParameterSlice? PlaceOf(Value value) => Slice(value.Producer.Operation is Add ? value.Producer.Inputs[1] : value);

    private void MergeForward(Node[] group)
    {
        GraphBuilder builder = _rewriter.Builder;
        builder.Scope = group[0].Scope;
        Value x = _rewriter[group[0].Inputs[0]];
        Value weight = group.All(n => Slice(n.Inputs[1]) is not null)
            ? builder.Read(Join(group.Select(n => Slice(n.Inputs[1])!), rows: true))
            : Stack(group);
        Value? bias = group[0].Inputs.Count > 2 ? builder.Read(Join(group.Select(n => Slice(n.Inputs[2])!), rows: false)) : null;
        Value merged = builder.Linear(x, weight, bias, JoinNames(group.Select(n => n.Outputs[0]!)));
        int start = 0;
        foreach (Node node in group)
        {
            Value old = node.Outputs[0]!;
            _rewriter[old] = builder.One(new SliceColumns(start, old.Shape.Columns), [merged], old.Name);
            start += old.Shape.Columns;
        }
    }

    /// <summary>The weights of layers below each other, once for all segments that go through them.</summary>
    private Value Stack(Node[] layers)
    {
        Value[] weights =
            [.. layers.Select(n => Slice(n.Inputs[1]) is { } slice ? _rewriter.Builder.Read(slice) : _rewriter[n.Inputs[1]])];
        string key = string.Join(",", weights.Select(w => w.Id));
        if (!_stacks.TryGetValue(key, out Value? stack))
            _stacks.Add(key, stack = _rewriter.Builder.ConcatRows(weights, JoinNames(layers.Select(n => n.Outputs[0]!)) + "Weight"));
        return stack;
    }

    private bool IsTermOfLargerSum(Node node) =>
        _uses.HasOneReader(node.Outputs[0]!) && _uses.Of(node.Outputs[0]!)[0].Operation is Add
        && _uses.Of(node.Outputs[0]!)[0].Outputs[0]!.Shape == node.Outputs[0]!.Shape;

    /// <summary>A sum of several terms: those that are products with neighbouring weights become one product.</summary>
    private void MergeSum(Node root)
    {
        GraphBuilder builder = _rewriter.Builder;
        builder.Scope = root.Scope;
        var terms = new List<Value>();
        CollectTerms(root, terms);
        var products = terms.Where(t => t.Producer.Operation is Product { Layout: ProductLayout.NN } p && p.Epilogue == Epilogue.None
            && _uses.HasOneReader(t) && Slice(t.Producer.Inputs[1]) is not null).ToArray();
        var merged = new List<Value>();
        var absorbed = new HashSet<Value>();
        foreach (Node[] group in Neighbours(products.Select(p => p.Producer).ToArray(), n => Slice(n.Inputs[1])!))
        {
            Value dy = Concatenate(group.Select(n => n.Inputs[0]).ToArray());
            Value weight = builder.Read(Join(group.Select(n => Slice(n.Inputs[1])!), rows: true));
            merged.Add(builder.Multiply(ProductLayout.NN, dy, weight, group[0].Outputs[0]!.Name));
            absorbed.UnionWith(group.Select(n => n.Outputs[0]!));
        }

        Value[] rest = [.. merged, .. terms.Where(t => !absorbed.Contains(t)).Select(t => _rewriter[t])];
        Value sum = rest[0];
        for (int i = 1; i < rest.Length; i++)
            sum = builder.Add(sum, rest[i], root.Outputs[0]!.Name);
        _rewriter[root.Outputs[0]!] = sum;
    }

    private void CollectTerms(Node add, List<Value> terms)
    {
        foreach (Value input in add.Inputs)
        {
            if (input.Producer.Operation is Add && IsTermOfLargerSum(input.Producer))
                CollectTerms(input.Producer, terms);
            else
                terms.Add(input);
        }
    }

    /// <summary>Gradients of neighbouring parts of one parameter: one product, or one sum over rows, delivers them together.</summary>
    private List<Result> MergeGradients()
    {
        var results = _graph.Results.Select(r => r with { Value = _rewriter[r.Value] }).ToList();
        Merge(r => r.Value.Producer is { Operation: Product { Layout: ProductLayout.TN } } p ? p.Inputs[1] : null, rows: true);
        Merge(r => r.Value.Producer is { Operation: SumRows } p ? p.Inputs[0].Shape.WithColumns(0) : null, rows: false);
        return results;

        void Merge(Func<Result, object?> shared, bool rows)
        {
            var candidates = results.Where(r => r.Role == ResultRole.Gradient && shared(r) is not null
                && results.Count(o => ReferenceEquals(o.Value, r.Value)) == 1).ToArray();
            foreach (var parameter in candidates.GroupBy(r => (r.Parameter!.Parameter, shared(r))))
            {
                foreach (Result[] group in Neighbours(parameter.ToArray(), r => r.Parameter!))
                {
                    GraphBuilder builder = _rewriter.Builder;
                    builder.Scope = group[0].Value.Producer.Scope;
                    Value dy = Concatenate(group.Select(r => r.Value.Producer.Inputs[0]).ToArray());
                    string name = group[0].Value.Name;
                    Value merged = rows
                        ? builder.Multiply(ProductLayout.TN, dy, group[0].Value.Producer.Inputs[1], name)
                        : builder.SumRows(dy, name);
                    int position = results.IndexOf(group[0]);
                    results.RemoveAll(group.Contains);
                    results.Insert(
                        Math.Min(position, results.Count),
                        group[0] with { Value = merged, Parameter = Join(group.Select(r => r.Parameter!), rows) });
                }
            }
        }
    }

    private Value Concatenate(Value[] parts)
    {
        // Parts may come from the old graph (sums) or already from the new one (results).
        Value[] mapped = parts.Select(p => _rewriter.Contains(p) ? _rewriter[p] : p).ToArray();
        string key = string.Join(",", mapped.Select(p => p.Id));
        if (!_concatenations.TryGetValue(key, out Value? value))
            _concatenations.Add(key, value = _rewriter.Builder.ConcatColumns(mapped, JoinNames(parts)));
        return value;
    }

    private static ParameterSlice? Slice(Value value) => (value.Producer.Operation as ReadParameter)?.Slice;

    /// <summary>Groups of at least two items all of whose slices follow each other without a gap, in the order of their slices.</summary>
    private static IEnumerable<T[]> Neighbours<T>(IReadOnlyList<T> items, params Func<T, ParameterSlice>[] slices)
    {
        foreach (var same in items.GroupBy(i => slices[0](i).Parameter))
        {
            var run = new List<T>();
            foreach (T item in same.OrderBy(i => slices[0](i).Offset))
            {
                if (run.Count > 0 && !slices.All(slice => Follow(slice(run[run.Count - 1]), slice(item))))
                {
                    if (run.Count > 1)
                        yield return run.ToArray();
                    run.Clear();
                }

                run.Add(item);
            }

            if (run.Count > 1)
                yield return run.ToArray();
        }
    }

    private static bool Follow(ParameterSlice first, ParameterSlice second) =>
        first.Parameter == second.Parameter && first.Offset + first.Shape.Count == second.Offset;

    private static ParameterSlice Join(IEnumerable<ParameterSlice> slices, bool rows)
    {
        ParameterSlice[] all = slices.ToArray();
        Shape shape = rows ? all[0].Shape.WithRows(all.Sum(s => s.Shape.Rows)) : all[0].Shape.WithColumns(all.Sum(s => s.Shape.Columns));
        return all[0] with { Shape = shape };
    }

    private static string JoinNames(IEnumerable<Value> values)
    {
        string[] names = values.Select(v => v.Name).ToArray();
        return names[0] + string.Concat(names.Skip(1).Select(n => char.ToUpperInvariant(n[0]) + n.Substring(1)));
    }
}
