namespace VptDsl.Compiler.Graph;

/// <summary>
/// What an operation's gradient rule sees: the node, the gradients of its outputs, and where to leave those of its inputs.
/// </summary>
internal sealed class GradientContext(
    GraphBuilder builder,
    Node node,
    IReadOnlyList<Value?> outputGradients,
    Func<Value, bool> needsGradient,
    Action<Value, Value> contribute)
{
    public GraphBuilder Builder { get; } = builder;

    public Node Node { get; } = node;

    public Value Input(int index) => Node.Inputs[index];

    public Value Output(int index) =>
        Node.Outputs[index] ?? throw new GraphException($"The gradient of {Node} needs output {index}.");

    /// <summary>The gradient of the first output. The loss itself has none: it is where gradients start.</summary>
    public Value OutputGradient => outputGradients[0] ?? throw new GraphException($"No gradient reaches {Node}.");

    /// <summary>Whether anything trained depends on this input.</summary>
    public bool Needs(int input) => needsGradient(Node.Inputs[input]);

    /// <summary>Adds a term to the gradient of an input; a term with a batch is summed over it where the input has none.</summary>
    public void Contribute(int input, Value gradient)
    {
        Value target = Node.Inputs[input];
        if (gradient.Shape.Batched && !target.Shape.Batched)
            gradient = Builder.SumImages(gradient);
        if (gradient.Shape != target.Shape)
            throw new GraphException($"The gradient of {target} came out as {gradient.Shape}.");
        contribute(target, gradient);
    }
}
