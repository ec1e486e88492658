using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Matrix products: a thread for each element of the result, which also applies the epilogue to it.</summary>
internal static class ProductKernel
{
    public static Kernel Create(Product product, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand c = operands.Out(0);
        var indices = ThreadIndices.Elements(c);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            if (product.Layout == ProductLayout.TN)
                WriteSumOverImages(writer, operands.In(0), operands.In(1), row, column);
            else
                WriteDotProduct(writer, product.Layout, operands.In(0), operands.In(1), row, column);
            WriteEpilogue(writer, product, operands, row, column);
            writer.Line($"{c.At(row, column)} = value;");
        });
    }

    private static void WriteDotProduct(SourceWriter writer, ProductLayout layout, KernelOperand a, KernelOperand b, string row, string column)
    {
        string right = layout == ProductLayout.NT ? b.At(column, "k") : b.At("k", column);
        writer.Line("float value = 0;");
        writer.Line($"for (int k = 0; k < {a.Columns}; k++)");
        writer.Indented($"value += {a.At(row, "k")} * {right};");
    }

    /// <remarks>Sums of sums lose fewer digits than one long sum.</remarks>
    private static void WriteSumOverImages(SourceWriter writer, KernelOperand a, KernelOperand b, string row, string column)
    {
        if (!a.Batched)
        {
            writer.Line("float value = 0;");
            writer.Line($"for (int k = 0; k < {a.Rows}; k++)");
            writer.Indented($"value += {a.At("k", row)} * {b.At("k", column)};");
            return;
        }

        writer.Line("float value = 0;");
        using (writer.Block("for (int image = 0; image < batch; image++)"))
        {
            writer.Line("float ofImage = 0;");
            writer.Line($"for (int k = 0; k < {a.Rows}; k++)");
            writer.Indented($"ofImage += {a.At("k", row)} * {b.At("k", column)};");
            writer.Line("value += ofImage;");
        }
    }

    private static void WriteEpilogue(SourceWriter writer, Product product, CallOperands operands, string row, string column)
    {
        Epilogue epilogue = product.Epilogue;
        if (epilogue.Bias)
            writer.Line($"value += {operands.In(2).At(column)};");
        if (operands.Wanted(1) is { } beforeActivation)
            writer.Line($"{beforeActivation.At(row, column)} = value;");
        if (epilogue.Activation == Activation.Gelu)
            writer.Line("value = KernelMath.Gelu(value);");
        if (epilogue.Activation == Activation.GeluGradient)
            writer.Line($"value *= KernelMath.GeluDerivative({operands.In(product.GateInput).At(row, column)});");
        if (epilogue.Residual)
            writer.Line($"value += {operands.In(product.ResidualInput).At(row, column)};");
    }
}
