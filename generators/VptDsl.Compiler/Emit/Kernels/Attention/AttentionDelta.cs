using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// What the output of attention and its gradient add up to for each query and head, rowsum(dO ∘ O), by which slopes are reduced: a kernel
/// of its own puts it into scratch memory, where those of the gradients read it (FlashAttention-2, Dao 2023, algorithm 2).
/// </summary>
/// <param name="dOutput">The output's gradient.</param>
/// <param name="output">The output.</param>
/// <param name="heads">Heads, side by side in its columns.</param>
/// <param name="start">Floats of scratch memory before it.</param>
internal sealed class AttentionDelta(KernelOperand dOutput, KernelOperand output, int heads, long start)
{
    private long Count => (long)output.Rows * heads;

    /// <summary>Scratch memory with it behind what comes before.</summary>
    public ScratchSize Scratch => output.Batched ? new(start, Count) : new(start + Count, 0);

    /// <summary>Floats of scratch memory before it.</summary>
    public long Start => start;

    /// <summary>As a matrix that begins there, with a row for each query and a column for each head.</summary>
    /// <param name="name">Its name.</param>
    public KernelOperand AsMatrix(string name) =>
        new(name, new(output.Batched, output.Rows, heads, output.Batched ? Count : 0, heads));

    /// <summary>
    /// Declares what a gradient needs of a thread's query: what its weights are computed anew from, and for slopes this sum.
    /// </summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="number">Which of the thread's queries it is.</param>
    /// <param name="logSum">Logarithms of the weights' sums.</param>
    /// <param name="row">The query's row.</param>
    /// <param name="head">The head of the group.</param>
    /// <param name="hasSlopes">Whether the kernel computes slopes.</param>
    public void WriteOfQuery(SourceWriter writer, int number, KernelOperand logSum, string row, string head, bool hasSlopes)
    {
        string delta = hasSlopes ? $", delta{number} = {At(row, head)}" : "";
        writer.Line($"float logSum{number} = {logSum.At(row, head)}{delta};");
    }

    /// <summary>What kernels take as parameters that read it.</summary>
    public IReadOnlyList<KernelSize> Sizes => output.RowCount is { } queries ? [queries, First] : [];

    private KernelSize First => new("firstDelta", PerImage: false, start);

    private string At(string row, string head) => heads == 1 ? $"{Place}{row}]" : $"{Place}{row} * {heads} + {head}]";

    private string Place
    {
        get
        {
            string first = output.RowCount is not null ? First.Name + " + " : start == 0 ? "" : $"{start}L + ";
            return $"scratch[{first}{(output.IsIndexedByImage ? $"image * ({output.RowsText} * {heads}L) + " : "")}";
        }
    }

    /// <summary>A line of threads for each query and head.</summary>
    public Kernel Kernel(string name, KernelOptions options)
    {
        var head = new HeadColumns(output, heads, heads == 1 ? "0" : "head");
        var lines = new KernelOperand("lines", new Layout(output.Batched, output.Rows * heads, head.Count, Count * head.Count, head.Count))
        {
            RowCount = output.RowCount is null || Count == 1 ? null : new("lines", PerImage: false, Count),
        };
        int unit = Math.Min(head.UnitOf(dOutput), head.UnitOf(output));
        var share = new RowShare(lines, unit, options, place => head.At(place, unit));
        RowGroups groups = share.Groups;
        string summary =
            $"The sum of {dOutput.Name} ∘ {output.Name} {output.ShapeText} over each query's columns of each head, for the gradients.";
        Kernel kernel = groups.Kernel(name, summary, [dOutput, output], reductions: 1, writer =>
        {
            string line = groups.WriteIndices(writer, "deltas");
            share.Row = heads == 1 ? line : "place";
            share.Declare(writer, dOutput, output);
            if (!output.Batched && output.IsIndexedByImage)
                writer.Line("const int image = 0;");
            if (heads > 1)
                writer.Line($"int place = {line} / {heads}, head = {line} % {heads};");
            writer.Line("float delta = 0;");
            share.ForEach(writer, [dOutput, output], at => $"delta += {at(dOutput)} * {at(output)};");
            groups.WriteSums(writer, ("deltas", "delta"));
            writer.Line(groups.IsFirst).Indented($"{At(share.Row, "head")} = delta;");
        });
        return kernel with { Scratch = Scratch, Sizes = [.. KernelSize.Of([lines]), .. Sizes] };
    }
}
