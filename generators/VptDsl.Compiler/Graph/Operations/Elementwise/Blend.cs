namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// σ(gate) · a + (1 − σ(gate)) · b with one number as gate; a or b may lack the batch and is then the same for every image.
/// </summary>
internal sealed record Blend : Operation
{
    public override IReadOnlyList<string> InputNames => ["gate", "a", "b"];

    public override IReadOnlyList<string> OutputNames => ["blend"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"σ({inputs[0]}) · {inputs[1]} + (1 - σ({inputs[0]})) · {inputs[2]}";

    public override int InPlaceInput => 1;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == new Shape(false, 1, 1), $"The gate is {inputs[0]}.");
        Require(inputs[1].Rows == inputs[2].Rows && inputs[1].Columns == inputs[2].Columns, $"{inputs[1]} and {inputs[2]} do not blend.");
        return [inputs[1] with { Batched = inputs[1].Batched || inputs[2].Batched }];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Value dy = gradient.OutputGradient, gate = gradient.Input(0);
        for (int i = 1; i <= 2; i++)
        {
            if (gradient.Needs(i))
            {
                gradient.Contribute(
                    i, gradient.Builder.One(new Gated(Complement: i == 2), [dy, gate], gradient.Input(i).Name + "Gradient"));
            }
        }

        if (gradient.Needs(0))
        {
            Value sums = gradient.Builder.One(new BlendSums(), [dy, gradient.Input(1), gradient.Input(2)], gate.Name + "Sums");
            gradient.Contribute(0, gradient.Builder.One(new GateGradient(), [sums, gate], gate.Name + "Gradient"));
        }
    }

    public override bool IsRowwise(int input) => input != 0;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 3 * inputs[1].Count;
}

/// <summary>σ(gate) · x, or (1 − σ(gate)) · x: the gradients of what is blended.</summary>
internal sealed record Gated(bool Complement) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "gate"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Complement];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        Complement ? $"(1 - σ({inputs[1]})) · {inputs[0]}" : $"σ({inputs[1]}) · {inputs[0]}";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1] == new Shape(false, 1, 1), $"The gate is {inputs[1]}.");
        return [inputs[0]];
    }

    public override bool IsRowwise(int input) => input == 0;
}

/// <summary>dy ⊙ (a − b), summed over all rows of all images: a part of the gate's gradient for each column.</summary>
internal sealed record BlendSums : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "a", "b"];

    public override IReadOnlyList<string> OutputNames => ["sums"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the sum of {inputs[0]} ⊙ ({inputs[1]} - {inputs[2]}) over all rows";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs.All(i => i.Rows == inputs[0].Rows && i.Columns == inputs[0].Columns),
            $"{inputs[1]} and {inputs[2]} were not blended to {inputs[0]}.");
        return [new(Batched: false, 1, inputs[0].Columns)];
    }

    public override bool TakesRounded(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 3 * inputs[0].Count;
}

/// <summary>The sum over the columns, times the logistic function's slope at the gate: the gate's gradient.</summary>
internal sealed record GateGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["sums", "gate"];

    public override IReadOnlyList<string> OutputNames => ["dGate"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"σ'({inputs[1]}) · the sum of {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[0] == new Shape(false, 1, inputs[0].Columns) && inputs[1] == new Shape(false, 1, 1),
            $"{inputs[0]} are no sums of a gate {inputs[1]}.");
        return [inputs[1]];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => inputs[0].Count;
}
