namespace VptDsl.Compiler.Graph;

/// <summary>One result of a node.</summary>
internal sealed class Value(Node producer, int index, int id, string name, Shape shape)
{
    public Node Producer { get; } = producer;

    /// <summary>Which of the producer's outputs it is.</summary>
    public int Index { get; } = index;

    /// <summary>Its number in the graph, in order of creation.</summary>
    public int Id { get; } = id;

    /// <summary>What it is, in a word: it names the buffer in emitted code.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public override string ToString() => $"{Name} {Shape}";
}
