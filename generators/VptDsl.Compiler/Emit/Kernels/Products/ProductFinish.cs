using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The method that applies a product's epilogue to one element, or to four neighbours of a row, and stores the result.</summary>
internal sealed class ProductFinish
{
    private readonly ProductOperation _product;
    private readonly CallOperands _operands;
    private readonly KernelOperand _result;

    /// <param name="product">The product.</param>
    /// <param name="operands">The operands of its call.</param>
    /// <param name="kernel">The kernel's name, which that of the method begins with.</param>
    /// <param name="columns">
    /// Neighbouring columns that threads have of the result: with four, four are finished at a time where all operands are aligned.
    /// </param>
    public ProductFinish(ProductOperation product, CallOperands operands, string kernel, int columns)
    {
        _product = product;
        _operands = operands;
        _result = operands.Out(0);
        Operands = [.. operands.Inputs.Skip(2), _result, .. new[] { operands.Wanted(1) }.OfType<KernelOperand>()];
        Unit = columns % 4 == 0 && Operands.All(o => o.IsAlignedBy(4)) ? 4 : 1;
        Name = kernel + (Unit == 4 ? "Four" : "Element");
    }

    public string Name { get; }

    /// <summary>Elements that the method finishes: one or four.</summary>
    public int Unit { get; }

    /// <summary>The matrices that it reads and writes.</summary>
    public IReadOnlyList<KernelOperand> Operands { get; }

    /// <summary>The views of <see cref="Operands"/> as parameters.</summary>
    public string Parameters => string.Concat(Operands.Select(o => $", ArrayView<{Type}> {o.InUnits(Unit).Name}"));

    /// <summary>The views of <see cref="Operands"/> as arguments.</summary>
    public string Arguments => string.Concat(Operands.Select(o => $", {o.InUnits(Unit).Name}"));

    private string Type => Unit == 4 ? "Float4" : "float";

    /// <summary>Declares the views of the operands in fours, where it reads them so.</summary>
    public void DeclareViews(SourceWriter writer)
    {
        if (Unit == 1)
            return;
        foreach (KernelOperand operand in Operands)
            operand.DeclareInFours(writer);
    }

    /// <param name="row">The row, those of all images counted as one matrix's.</param>
    /// <param name="column">The column, counted in units.</param>
    /// <param name="value">The product's value, of one or four elements.</param>
    public string Call(string row, string column, string value) => $"{Name}({row}, {column}, {value}{Arguments});";

    public void Write(SourceWriter writer)
    {
        Epilogue epilogue = _product.Epilogue;
        writer.Line();
        writer.Summary(Unit == 4
            ? "Finishes four neighbours of a row and stores them. Rows are those of all images, columns are counted in fours."
            : "Finishes an element and stores it. Rows are those of all images.");
        using (writer.Block($"private static void {Name}(int row, int column, {Type} value{Parameters})"))
        {
            if (epilogue.Bias)
                Combine("addend", _operands.In(2).InUnits(Unit).At("column"), (value, addend) => $"{value} + {addend}");
            if (_operands.Wanted(1) is { } beforeActivation)
                writer.Line($"{At(beforeActivation)} = value;");
            if (epilogue.Activation is Activate activate)
                writer.Line($"value = {Each("value", part => ActivationText.Value(activate, part))};");
            if (epilogue.Activation is ActivationGradient gradient)
                Combine("input", At(_operands.In(_product.GateInput)), (value, input) => ActivationText.Gradient(gradient, value, input));
            if (epilogue.Residual)
                Combine("residualValue", At(_operands.In(_product.ResidualInput)), (value, residual) => $"{value} + {residual}");
            writer.Line($"{At(_result)} = value;");
        }

        void Combine(string variable, string element, Func<string, string, string> formula)
        {
            writer.Line($"{Type} {variable} = {element};");
            writer.Line(
                $"value = {Each("value", part => formula(part, Unit == 1 ? variable : variable + part.Substring(part.IndexOf('.'))))};");
        }
    }

    /// <summary>A value of which each element is computed from that of another.</summary>
    private string Each(string value, Func<string, string> formula) =>
        Unit == 1 ? formula(value) : $"new({string.Join(", ", "XYZW".Select(part => formula($"{value}.{part}")))})";

    /// <remarks>Where an operand has no batch but the result has, it is the same for every image.</remarks>
    private string At(KernelOperand operand)
    {
        bool repeats = _result.Batched && !operand.Batched && operand.Rows > 1;
        return operand.InUnits(Unit).AtFlat(repeats ? $"(row % {operand.Rows})" : "row", "column");
    }
}
