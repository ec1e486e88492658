namespace VptDsl.Compiler.Graph.Operations;

/// <summary>What the compiler knows of an activation function.</summary>
/// <param name="Formula">Its value at an operand, for people.</param>
/// <param name="Gradient">A gradient times its derivative at a gate, for people.</param>
/// <param name="GateIsResult">Whether its result tells the derivative, and is the gate; otherwise its input is.</param>
internal sealed record ActivationFunction(Func<string, string> Formula, Func<string, string, string> Gradient, bool GateIsResult)
{
    // A rectifier's result tells where its input was positive, and is kept for what follows anyway.
    private static readonly ActivationFunction Rectifier = new(x => $"max({x}, 0)", (dy, y) => $"{dy} where {y} > 0", GateIsResult: true);

    public static ActivationFunction Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Gelu => Named("GELU"),
        ActivationKind.GeluTanh => Named("GELUtanh"),
        ActivationKind.QuickGelu => Named("QuickGELU"),
        ActivationKind.Relu => Rectifier,
        ActivationKind.Silu => Named("SiLU"),
        _ => throw new GraphException($"There is no activation function {kind}."),
    };

    private static ActivationFunction Named(string name) =>
        new(x => $"{name}({x})", (dy, x) => $"{dy} ⊙ {name}'({x})", GateIsResult: false);
}

/// <summary>An activation function or its gradient: by itself, or as part of a product's <see cref="Epilogue"/>.</summary>
/// <remarks>Each counts as one operation for each element, whatever the function: next to products it does not matter.</remarks>
internal abstract record Activation(ActivationKind Kind) : Operation
{
    public ActivationFunction Function => ActivationFunction.Of(Kind);

    public sealed override IReadOnlyList<OperationAttribute> Attributes => [Kind];

    public sealed override int InPlaceInput => 0;

    public sealed override bool IsRowwise(int input) => true;

    public sealed override bool TakesRounded(int input) => true;

    public sealed override string MethodName(IReadOnlyList<Shape> shapes) => ToString() + shapes[0].Dimensions;

    /// <summary>What methods are named after.</summary>
    public abstract override string ToString();
}

/// <summary>y = f(x) of each element.</summary>
internal sealed record Activate(ActivationKind Kind) : Activation(Kind)
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => Function.Formula(inputs[0]);

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value x = gradient.Input(0), gate = Function.GateIsResult ? gradient.Output(0) : x;
            gradient.Contribute(
                0, gradient.Builder.One(new ActivationGradient(Kind), [gradient.OutputGradient, gate], x.Name + "Gradient"));
        }
    }

    public override string ToString() => Kind.ToString();
}

/// <summary>
/// dx = dy · f'(gate), where the gate is what the forward pass read, or wrote where <see cref="ActivationFunction.GateIsResult"/>.
/// </summary>
internal sealed record ActivationGradient(ActivationKind Kind) : Activation(Kind)
{
    public override IReadOnlyList<string> InputNames => ["dy", Function.GateIsResult ? "y" : "x"];

    public override IReadOnlyList<string> OutputNames => ["dx"];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => Function.Gradient(inputs[0], inputs[1]);

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"The gradient of {inputs[1]} is {inputs[0]}.");
        return [inputs[0]];
    }

    public override string ToString() => $"{Kind}Gradient";
}
