using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The method that applies a product's epilogue to one element and stores it.</summary>
internal sealed class ProductFinish
{
    private readonly Product _product;
    private readonly CallOperands _operands;
    private readonly KernelOperand _result;

    public ProductFinish(Product product, CallOperands operands, string kernel)
    {
        _product = product;
        _operands = operands;
        _result = operands.Out(0);
        Name = kernel + "Element";
        Operands = [.. operands.Inputs.Skip(2), _result, .. new[] { operands.Wanted(1) }.OfType<KernelOperand>()];
    }

    public string Name { get; }

    /// <summary>The matrices that it reads and writes.</summary>
    public IReadOnlyList<KernelOperand> Operands { get; }

    /// <summary>The views of <see cref="Operands"/> as parameters.</summary>
    public string Parameters => string.Concat(Operands.Select(o => $", ArrayView<float> {o.Name}"));

    /// <summary>The views of <see cref="Operands"/> as arguments.</summary>
    public string Arguments => string.Concat(Operands.Select(o => $", {o.Name}"));

    public string Call(string row, string column, string value) => $"{Name}({row}, {column}, {value}{Arguments});";

    public void Write(SourceWriter writer)
    {
        Epilogue epilogue = _product.Epilogue;
        writer.Line();
        writer.Summary("Finishes an element and stores it. Rows are those of all images.");
        using (writer.Block($"private static void {Name}(int row, int column, float value{Parameters})"))
        {
            if (epilogue.Bias)
                writer.Line($"value += {_operands.In(2).At("column")};");
            if (_operands.Wanted(1) is { } beforeActivation)
                writer.Line($"{At(beforeActivation)} = value;");
            if (epilogue.Activation == Activation.Gelu)
                writer.Line("value = KernelMath.Gelu(value);");
            if (epilogue.Activation == Activation.GeluGradient)
                writer.Line($"value *= KernelMath.GeluDerivative({At(_operands.In(_product.GateInput))});");
            if (epilogue.Residual)
                writer.Line($"value += {At(_operands.In(_product.ResidualInput))};");
            writer.Line($"{At(_result)} = value;");
        }
    }

    /// <remarks>Where an operand has no batch but the result has, it is the same for every image.</remarks>
    private string At(KernelOperand operand)
    {
        bool repeats = _result.Batched && !operand.Batched && operand.Rows > 1;
        return operand.AtFlat(repeats ? $"(row % {operand.Rows})" : "row", "column");
    }
}
