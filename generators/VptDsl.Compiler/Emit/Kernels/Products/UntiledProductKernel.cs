using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Matrix products, a thread for each element of the result: what <see cref="TiledProductKernel"/> is compared with.</summary>
internal static class UntiledProductKernel
{
    public static Kernel Create(Product product, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand a = operands.In(0), b = operands.In(1), c = operands.Out(0);
        var finish = new ProductFinish(product, operands, name, columns: 1);
        return new(name, KernelFamilies.Summary(call), operands.All, new ThreadCount(c.Batched, c.Layout.Shape.Count), writer =>
        {
            writer.Line($"int row = index / {c.Columns}, column = index % {c.Columns};");
            writer.Line("float value = 0;");
            if (product.Layout == ProductLayout.TN)
            {
                writer.Line($"for (int k = 0; k < {(a.Batched ? $"{a.Rows} * batch" : a.Rows)}; k++)");
                writer.Indented($"value += {a.AtFlat("k", "row")} * {b.AtFlat("k", "column")};");
            }
            else
            {
                string right = product.Layout == ProductLayout.NT ? b.AtFlat("column", "k") : b.AtFlat("k", "column");
                writer.Line($"for (int k = 0; k < {a.Columns}; k++)");
                writer.Indented($"value += {a.AtFlat("row", "k")} * {right};");
            }

            writer.Line(finish.Call("row", "column", "value"));
        })
        {
            WriteFunctions = finish.Write,
        };
    }
}
