using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Takes out of programs what depends on frozen parameters alone, such as a convolution's weight with batch normalisation folded in: it
/// is computed once after the backbone is loaded, and read from then on like a frozen parameter.
/// </summary>
/// <remarks>One instance serves all programs of a model, which share what it has taken out.</remarks>
internal sealed class FoldConstants
{
    private readonly GraphRewriter _rewriter = new();
    private readonly Dictionary<Parameter, Value> _folded = [];
    private readonly List<Result> _results = [];
    private readonly HashSet<string> _names = [];

    /// <summary>What was taken out, in the form of frozen parameters.</summary>
    public IEnumerable<Parameter> Folded => _results.Select(r => r.Parameter!.Parameter);

    /// <summary>The program that computes them, or null where there are none.</summary>
    public DataflowGraph? Program => _results.Count == 0 ? null : RemoveDead.Run(new DataflowGraph(_rewriter.Builder.Nodes, _results));

    /// <summary>All that was taken out, in an order in which it can run.</summary>
    public IReadOnlyList<Node> Nodes => _rewriter.Builder.Nodes;

    /// <summary>What a parameter that was taken out is computed by.</summary>
    public Value DefinitionOf(Parameter folded) => _folded[folded];

    /// <summary>The same program without what is now computed beforehand.</summary>
    public DataflowGraph Run(DataflowGraph graph)
    {
        HashSet<Node> constant = Activity.OfNothingBut(graph.Nodes, IsFrozen);
        HashSet<Value> read = ReadByOthers(graph, constant);
        var rewriter = new GraphRewriter();
        foreach (Node node in graph.Nodes)
        {
            if (constant.Contains(node))
                Take(node);
            if (!constant.Contains(node) || IsFrozen(node) || (node.IsView && read.Contains(node.Outputs[0]!)))
                rewriter.Copy(node);
            else
                ReplaceReads(node);
        }

        return RemoveDead.NodesOnly(rewriter.Build(graph));

        void ReplaceReads(Node node)
        {
            foreach (Value output in node.Outputs.OfType<Value>().Where(read.Contains))
            {
                Parameter parameter = Fold(node.Scope, output);
                rewriter.Builder.Scope = node.Scope;
                rewriter[output] = rewriter.Builder.Read(parameter.AsMatrix(output.Shape.Rows));
            }
        }
    }

    private static bool IsFrozen(Node node) => node.Operation is ReadParameter { Slice.Parameter: { Trained: false, Measured: false } };

    /// <summary>The constants that the rest reads, be it through views.</summary>
    private static HashSet<Value> ReadByOthers(DataflowGraph graph, HashSet<Node> constant)
    {
        var read = new HashSet<Value>(graph.Results.Select(r => r.Value));
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (!constant.Contains(node) || (node.IsView && read.Contains(node.Outputs[0]!)))
                read.UnionWith(node.Inputs);
        }

        return read;
    }

    private void Take(Node node)
    {
        if (node.Operation is ReadParameter { Slice: var slice } && _folded.TryGetValue(slice.Parameter, out Value? folded))
            _rewriter[node.Outputs[0]!] = folded;
        else
            _rewriter.Copy(node);
    }

    private Parameter Fold(Scope scope, Value value)
    {
        string name = scope.Layer < 0 ? $"{scope.Part}.{value.Name}" : $"{scope.Part}.{scope.Layer}.{value.Name}", unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = $"{name}{i}";
        var parameter = new Parameter(
            unique, EquatableArray.Of(value.Shape.Rows, value.Shape.Columns), ParameterKind.Backbone, new(Distribution.Constant, 0),
            Trained: false)
        {
            Folded = true,
        };
        _folded.Add(parameter, _rewriter[value]);
        _results.Add(new(ResultRole.Folded, _rewriter[value]) { Parameter = parameter.AsMatrix(value.Shape.Rows) });
        return parameter;
    }
}
