using System.Text;

namespace VptDsl.Compiler.Graph.Operations;

/// <summary>What happens to a product's elements before they are stored, in this order.</summary>
/// <param name="Bias">Add a row.</param>
/// <param name="Activation">Apply an activation function, or multiply by its derivative at the gate; null for neither.</param>
/// <param name="Residual">Add a matrix.</param>
internal sealed record Epilogue(bool Bias, Activation? Activation, bool Residual)
{
    public static readonly Epilogue None = new(false, null, false);

    public static readonly Epilogue WithBias = new(true, null, false);

    /// <summary>Whether a matrix says where the derivative of an activation is taken.</summary>
    public bool HasGate => Activation is ActivationGradient;

    public override string ToString() =>
        $"Epilogue {{ Bias = {Bias}, Activation = {Activation?.ToString() ?? "None"}, Residual = {Residual} }}";
}

/// <summary>
/// An operation with two factors whose result goes through an <see cref="Epilogue"/>: c = activation(product + bias) + residual.
/// </summary>
/// <remarks>
/// Inputs: the factors, then those of bias [1, n], gate and residual that the epilogue names; gate and residual are as the result, a
/// residual may lack the batch. Outputs: c, and the value before the activation where somebody asks for it.
/// </remarks>
internal abstract record ProductOperation(Epilogue Epilogue) : Operation
{
    /// <summary>The index of the bias among the inputs.</summary>
    public const int BiasInput = 2;

    public sealed override IReadOnlyList<string> InputNames =>
        [
            .. FactorNames,
            .. Optional("bias", Epilogue.Bias),
            .. Optional("gate", Epilogue.HasGate),
            .. Optional("residual", Epilogue.Residual),
        ];

    public sealed override IReadOnlyList<string> OutputNames => ["c", "beforeActivation"];

    /// <summary>The index of the gate among the inputs.</summary>
    public int GateInput => BiasInput + (Epilogue.Bias ? 1 : 0);

    /// <summary>The index of the residual among the inputs.</summary>
    public int ResidualInput => GateInput + (Epilogue.HasGate ? 1 : 0);

    public sealed override int InPlaceInput => Epilogue.Residual ? ResidualInput : -1;

    public sealed override bool TakesRounded(int input) => true;

    /// <summary>What both factors are called.</summary>
    protected abstract IReadOnlyList<string> FactorNames { get; }

    protected int InputCount => ResidualInput + (Epilogue.Residual ? 1 : 0);

    public sealed override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape c = InferProduct(inputs[0], inputs[1]);
        Require(inputs.Count == InputCount, $"{this} takes {InputCount} operands, not {inputs.Count}.");
        Require(!Epilogue.Bias || inputs[BiasInput] == new Shape(false, 1, c.Columns), $"The bias of {c} does not fit.");
        Require(!Epilogue.HasGate || inputs[GateInput] == c, $"The gate of {c} does not fit.");
        if (Epilogue.Residual)
        {
            Shape residual = inputs[ResidualInput];
            Require(
                residual.Rows == c.Rows && residual.Columns == c.Columns && (c.Batched || !residual.Batched),
                $"The residual of {c} is {residual}.");
        }

        return [c, c];
    }

    /// <summary>The factors, the result and attributes, then what the epilogue has, by name.</summary>
    public sealed override IReadOnlyList<RoutineArgument> RoutineArguments(
        IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [
            inputs[0], inputs[1], outputs[0], .. Attributes,
            new(Epilogue.Bias ? inputs[BiasInput] : null, "bias"),
            new(Epilogue.Activation?.Kind, "activation"),
            new(outputs[1], "beforeActivation"),
            new(Epilogue.HasGate ? inputs[GateInput] : null, "gate"),
            new(Epilogue.Residual ? inputs[ResidualInput] : null, "residual"),
        ];

    public sealed override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes)
    {
        string text = FormulaOfProduct(inputs[0], inputs[1]);
        if (Epilogue.Bias)
            text += $" + {inputs[BiasInput]}";
        text = Epilogue.Activation switch
        {
            null => text,
            Activate activate => activate.Function.Formula(text),
            _ => Epilogue.Activation.Function.Gradient($"({text})", inputs[GateInput]),
        };
        return Epilogue.Residual ? $"{text} + {inputs[ResidualInput]}" : text;
    }

    public sealed override string MethodName(IReadOnlyList<Shape> shapes) =>
        NameOfProduct(shapes[0], shapes[1]) + NameOfEpilogue;

    public sealed override string KernelName(IReadOnlyList<Shape> shapes) => NameOfKernel(shapes[0], shapes[1]) + NameOfEpilogue;

    private string NameOfEpilogue => Epilogue.Activation + (Epilogue.Residual ? "Residual" : "");

    /// <summary>The product of two factors, for people.</summary>
    protected abstract string FormulaOfProduct(string left, string right);

    /// <summary>The part of a method's name that says the product and its dimensions.</summary>
    protected abstract string NameOfProduct(Shape left, Shape right);

    /// <summary>The same without the number of rows.</summary>
    protected virtual string NameOfKernel(Shape left, Shape right) => NameOfProduct(left, right);

    /// <summary>The shape of the product of two factors.</summary>
    protected abstract Shape InferProduct(Shape left, Shape right);

    /// <summary>Keeps what follows from the epilogue out of its text.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"{nameof(Epilogue)} = {Epilogue}");
        return true;
    }

    private static IEnumerable<string> Optional(string name, bool present) => present ? [name] : [];
}
