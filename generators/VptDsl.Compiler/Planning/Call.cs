using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Planning;

/// <summary>
/// An operation on operands of known layouts. Equal calls share one method, and on a GPU one kernel, in the emitted program.
/// </summary>
/// <param name="Operation">What is computed.</param>
/// <param name="Inputs">The layouts of its inputs.</param>
/// <param name="Outputs">The layouts of its outputs; null for those that are not asked for.</param>
internal sealed record Call(Operation Operation, EquatableArray<Layout> Inputs, EquatableArray<OptionalLayout> Outputs)
{
    /// <summary>The operands in the order of the emitted method's parameters: inputs, then the outputs that are asked for.</summary>
    public IEnumerable<(string Name, Layout Layout, bool IsOutput)> Operands =>
        Inputs.Select((layout, i) => (Operation.InputNames[i], layout, false))
            .Concat(Outputs.Select((o, i) => (Operation.OutputNames[i], o.Layout!, true)).Where(o => o.Item2 is not null));
}

/// <summary>How a matrix, or one for each image, lies in memory. Strides count floats.</summary>
/// <param name="Batched">Whether there is one matrix for each image.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Columns">Columns, which are always adjacent.</param>
/// <param name="ImageStride">From one image's matrix to the next one's; 0 without a batch.</param>
/// <param name="RowStride">From row to row.</param>
internal sealed record Layout(bool Batched, int Rows, int Columns, long ImageStride, long RowStride)
{
    public Shape Shape => new(Batched, Rows, Columns);

    /// <summary>Whether nothing lies between the rows.</summary>
    public bool IsDense => RowStride == Columns && (!Batched || ImageStride == (long)Rows * Columns);
}

/// <summary>The layout of an output that may not be asked for.</summary>
internal sealed record OptionalLayout(Layout? Layout);
