namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A matrix product with an epilogue: c = activation(a · b + bias) + residual. The rows of all images are multiplied as one matrix.
/// </summary>
/// <remarks>
/// Inputs: a, b, then those of bias [1, n], gate and residual that the epilogue names. Outputs: c, and the value before the
/// activation where the epilogue saves it.
/// </remarks>
internal sealed record Product(ProductLayout Layout, Epilogue Epilogue) : Operation
{
    public override IReadOnlyList<string> InputNames =>
        ["a", "b", .. Optional("bias", Epilogue.Bias), .. Optional("gate", Epilogue.Activation == Activation.GeluGradient), .. Optional("residual", Epilogue.Residual)];

    public override IReadOnlyList<string> OutputNames => ["c", "beforeActivation"];

    /// <summary>The index of the gate among the inputs: the value before the activation whose gradient this product takes.</summary>
    public int GateInput => Epilogue.Bias ? 3 : 2;

    public int ResidualInput => GateInput + (Epilogue.Activation == Activation.GeluGradient ? 1 : 0);

    private int InputCount => ResidualInput + (Epilogue.Residual ? 1 : 0);

    public override int InPlaceInput => Epilogue.Residual ? ResidualInput : -1;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape a = inputs[0], b = inputs[1];
        Shape c;
        switch (Layout)
        {
            case ProductLayout.NT:
                Require(!b.Batched && a.Columns == b.Columns, $"{a} · {b}ᵀ does not fit.");
                c = new Shape(a.Batched, a.Rows, b.Rows);
                break;
            case ProductLayout.NN:
                Require(!b.Batched && a.Columns == b.Rows, $"{a} · {b} does not fit.");
                c = new Shape(a.Batched, a.Rows, b.Columns);
                break;
            default:
                Require(a.Batched == b.Batched && a.Rows == b.Rows, $"{a}ᵀ · {b} does not fit.");
                c = new Shape(false, a.Columns, b.Columns);
                break;
        }

        Require(inputs.Count == InputCount, $"The product's epilogue and inputs differ.");
        if (Epilogue.Bias)
            Require(inputs[2] == new Shape(false, 1, c.Columns), $"The bias of {c} is {inputs[2]}.");
        if (Epilogue.Activation == Activation.GeluGradient)
            Require(inputs[GateInput] == c, $"The gate of {c} is {inputs[GateInput]}.");
        Shape result = c;
        if (Epilogue.Residual)
        {
            Shape residual = inputs[ResidualInput];
            Require(residual.Rows == c.Rows && residual.Columns == c.Columns && (c.Batched || !residual.Batched), $"The residual of {c} is {residual}.");
        }

        return [result, c];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Require(Layout == ProductLayout.NT && Epilogue == (Epilogue with { Activation = Activation.None, Residual = false }),
            $"Products are differentiated before they are fused.");
        Value dy = gradient.OutputGradient, x = gradient.Input(0), weight = gradient.Input(1);
        if (gradient.Needs(0))
            gradient.Contribute(0, gradient.Builder.Multiply(ProductLayout.NN, dy, weight, x.Name + "Gradient"));
        if (gradient.Needs(1))
            gradient.Contribute(1, gradient.Builder.Multiply(ProductLayout.TN, dy, x, weight.Name + "Gradient"));
        if (Epilogue.Bias && gradient.Needs(2))
            gradient.Contribute(2, gradient.Builder.SumRows(dy, gradient.Input(2).Name + "Gradient"));
    }

    public override bool IsRowwise(int input) =>
        Layout != ProductLayout.TN && (input == 0 || (input >= GateInput && input < InputCount));

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2 * inputs[0].Count * (Layout == ProductLayout.NT ? inputs[1].Rows : inputs[1].Columns);

    private static IEnumerable<string> Optional(string name, bool present) => present ? [name] : [];
}

/// <summary>How the operands of a product are stored.</summary>
internal enum ProductLayout
{
    /// <summary>a [m, k] · bᵀ with b [n, k]: a linear layer.</summary>
    NT,

    /// <summary>a [m, k] · b [k, n]: the gradient of a linear layer's input.</summary>
    NN,

    /// <summary>aᵀ · b with a [rows, m] and b [rows, n], summed over the rows of all images: the gradient of its weight.</summary>
    TN,
}

/// <summary>What happens to a product's elements before they are stored, in this order.</summary>
/// <param name="Bias">Add a row.</param>
/// <param name="Activation">Apply the activation, or multiply by its derivative at the gate.</param>
/// <param name="Residual">Add a matrix.</param>
internal sealed record Epilogue(bool Bias, Activation Activation, bool Residual)
{
    public static readonly Epilogue None = new(false, Activation.None, false);

    public static readonly Epilogue WithBias = new(true, Activation.None, false);
}

internal enum Activation
{
    None,

    /// <summary>The exact GELU, x·Φ(x).</summary>
    Gelu,

    /// <summary>Multiplication by the derivative of GELU at a saved value.</summary>
    GeluGradient,
}
