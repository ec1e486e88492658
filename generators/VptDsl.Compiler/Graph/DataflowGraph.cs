using System.Text;

namespace VptDsl.Compiler.Graph;

/// <summary>A program as dataflow: nodes in an order in which they can run, and the values that are asked of it.</summary>
internal sealed class DataflowGraph(IReadOnlyList<Node> nodes, IReadOnlyList<Result> results)
{
    public IReadOnlyList<Node> Nodes { get; } = nodes;

    public IReadOnlyList<Result> Results { get; } = results;

    /// <summary>The same program, asked for the results of some roles alone.</summary>
    public DataflowGraph For(params ResultRole[] roles) => new(Nodes, Results.Where(r => roles.Contains(r.Role)).ToArray());

    /// <summary>A listing, one node a line: for tests, docs and debugging.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (Node node in Nodes)
            text.Append(node.ToString()).Append('\n');
        foreach (Result result in Results)
            text.Append($"{result.Role}: {result.Value}\n");
        return text.ToString();
    }
}

/// <summary>A value that the program must deliver.</summary>
internal sealed record Result(ResultRole Role, Value Value)
{
    /// <summary>
    /// For <see cref="ResultRole.Gradient"/>: whose gradient it is. For <see cref="ResultRole.Statistic"/>: whose next value. For
    /// <see cref="ResultRole.Folded"/>: what it is from then on.
    /// </summary>
    public ParameterSlice? Parameter { get; init; }
}

/// <summary>What a result is for.</summary>
internal enum ResultRole
{
    Logits,
    Losses,

    /// <summary>Which share of an image's labels was right, where an image has many.</summary>
    Correct,
    Gradient,

    /// <summary>The next value of a parameter that steps measure.</summary>
    Statistic,

    /// <summary>What frozen layers make of an image.</summary>
    Features,

    /// <summary>What the head reads of an image.</summary>
    Embedding,

    /// <summary>What is computed once from frozen parameters.</summary>
    Folded,
}
