namespace VptDsl.Compiler.Graph;

/// <summary>Builds a new graph from an old one node by node, and knows what became of each value.</summary>
internal sealed class GraphRewriter
{
    private readonly Dictionary<Value, Value> _values = [];

    public GraphBuilder Builder { get; } = new();

    /// <summary>What an old value became.</summary>
    public Value this[Value old]
    {
        get => _values[old];
        set => _values[old] = value;
    }

    public bool Contains(Value old) => _values.ContainsKey(old);

    public Value[] Map(IEnumerable<Value> values) => values.Select(v => _values[v]).ToArray();

    /// <summary>Takes a node over as it is.</summary>
    public void Copy(Node node) => Replace(node, node.Operation, Map(node.Inputs));

    /// <summary>Takes a node over with another operation or other inputs; its outputs stay the same outputs.</summary>
    public Node Replace(Node node, Operation operation, IReadOnlyList<Value> inputs)
    {
        Builder.Scope = node.Scope;
        string?[] names = node.Outputs.Select(o => o?.Name).ToArray();
        Node replaced = Builder.Add(operation, inputs, names);
        for (int i = 0; i < names.Length; i++)
        {
            if (node.Outputs[i] is { } old)
                _values[old] = replaced.Outputs[i]!;
        }

        return replaced;
    }

    public DataflowGraph Build(DataflowGraph old) =>
        Builder.Build(old.Results.Select(r => r with { Value = _values[r.Value] }).ToArray());
}
