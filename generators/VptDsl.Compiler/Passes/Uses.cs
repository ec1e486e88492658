using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Passes;

/// <summary>Who reads each value of a graph.</summary>
internal sealed class Uses
{
    private readonly Dictionary<Value, List<Node>> _readers = [];
    private readonly HashSet<Value> _results;

    public Uses(DataflowGraph graph)
    {
        _results = [.. graph.Results.Select(r => r.Value)];
        foreach (Node node in graph.Nodes)
        {
            foreach (Value input in node.Inputs)
            {
                if (!_readers.TryGetValue(input, out List<Node>? readers))
                    _readers.Add(input, readers = []);
                readers.Add(node);
            }
        }
    }

    public IReadOnlyList<Node> Of(Value value) => _readers.TryGetValue(value, out List<Node>? readers) ? readers : [];

    public bool IsResult(Value value) => _results.Contains(value);

    /// <summary>Whether one node alone reads the value, once, and it is no result: then that node may absorb its producer.</summary>
    public bool HasOneReader(Value value) => !IsResult(value) && Of(value).Count == 1;
}
