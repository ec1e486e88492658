namespace VptDsl.Compiler.Graph.Operations;

/// <summary>A matrix product. The rows of all images are multiplied as one matrix.</summary>
internal sealed record Product(ProductLayout Layout, Epilogue Epilogue) : ProductOperation(Epilogue)
{
    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Routine => nameof(Product) + Layout;

    protected override IReadOnlyList<string> FactorNames => ["a", "b"];

    public override void Differentiate(GradientContext gradient)
    {
        Require(Layout == ProductLayout.NT && Epilogue == (Epilogue with { Activation = null, Residual = false }),
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

    protected override string FormulaOfProduct(string left, string right) => Layout switch
    {
        ProductLayout.NT => $"{left} · {right}ᵀ",
        ProductLayout.NN => $"{left} · {right}",
        _ => $"{left}ᵀ · {right}, summed over the images",
    };

    protected override string NameOfProduct(Shape left, Shape right) => Layout switch
    {
        ProductLayout.NT => $"Linear{left.Dimensions}To{right.Rows}",
        ProductLayout.NN => $"LinearInputGradient{left.Dimensions}To{right.Columns}",
        _ => $"LinearWeightGradient{left.Columns}x{right.Columns}From{left.Rows}",
    };

    protected override string NameOfKernel(Shape left, Shape right) => Layout switch
    {
        ProductLayout.NT => $"Linear{left.Columns}To{right.Rows}",
        ProductLayout.NN => $"LinearInputGradient{left.Columns}To{right.Columns}",
        _ => $"LinearWeightGradient{left.Columns}x{right.Columns}",
    };

    protected override Shape InferProduct(Shape left, Shape right)
    {
        switch (Layout)
        {
            case ProductLayout.NT:
                Require(!right.Batched && left.Columns == right.Columns, $"{left} · {right}ᵀ does not fit.");
                return new(left.Batched, left.Rows, right.Rows);
            case ProductLayout.NN:
                Require(!right.Batched && left.Columns == right.Rows, $"{left} · {right} does not fit.");
                return new(left.Batched, left.Rows, right.Columns);
            default:
                Require(left.Batched == right.Batched && left.Rows == right.Rows, $"{left}ᵀ · {right} does not fit.");
                return new(false, left.Columns, right.Columns);
        }
    }
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
