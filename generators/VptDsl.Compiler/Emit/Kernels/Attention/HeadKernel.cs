using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What turns or moves the heads of tokens: a thread for each element of the result.</summary>
internal static class HeadKernel
{
    public static Kernel Rotate(Rotate rotate, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
    {
        KernelOperand x = operands.In(0), table = operands.In(1);
        int head = table.Columns / 2, half = head / 2;
        string channel = x.Columns == head ? column : $"{column} % {head}";
        string partner = Partner(column), cosine = table.At(row, channel);
        string sine = table.At(row, $"({head} + {(rotate.Back ? Partner(channel) : channel)})");
        return $"{x.At(row, column)} + {x.At(row, column)} * {cosine} + {x.At(row, partner)} * {sine}";

        string Partner(string of) => rotate.Interleaved ? $"({of} ^ 1)" : $"({channel} < {half} ? {of} + {half} : {of} - {half})";
    });

    public static Kernel Split(SplitHeads split, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
    {
        KernelOperand x = operands.In(0);
        int width = x.Columns / split.Heads;
        string token = x.Rows == 1 ? "0" : $"({row} / {split.Heads})";
        return x.At(token, $"({row} % {split.Heads} * {width} + {column})");
    });

    public static Kernel Join(JoinHeads join, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
    {
        KernelOperand heads = operands.In(0);
        string first = row == "0" ? "" : $"{row} * {join.Heads} + ";
        return heads.At($"({first}{column} / {heads.Columns})", $"{column} % {heads.Columns}");
    });
}
