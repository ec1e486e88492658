using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

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

    /// <summary>The input that lies in memory in pairs; -1 for none. No operation has two.</summary>
    public int InputInPairs
    {
        get
        {
            for (int i = 0; i < Inputs.Count; i++)
            {
                if (Inputs[i].InPairs)
                    return i;
            }

            return -1;
        }
    }

    /// <summary>The unpacking of the input that lies in pairs into a dense matrix of floats.</summary>
    public Call Unpacking => new(
        new UnpackPairs(),
        EquatableArray.Of(Inputs[InputInPairs] with { Columns = Inputs[InputInPairs].FloatsOfRow, InPairs = false }),
        EquatableArray.Of(new OptionalLayout(Unpacked(Inputs[InputInPairs]))));

    /// <summary>The same call on what <see cref="Unpacking"/> leaves.</summary>
    public Call OfFloats => this with { Inputs = Inputs.Select(i => i.InPairs ? Unpacked(i) : i).ToEquatableArray() };

    private static Layout Unpacked(Layout layout) => new(false, layout.Rows, layout.Columns, 0, layout.Columns);
}

/// <summary>How a matrix, or one for each image, lies in memory. Strides count floats.</summary>
/// <param name="Batched">Whether there is one matrix for each image.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Columns">Columns, which are always adjacent.</param>
/// <param name="ImageStride">From one image's matrix to the next one's; 0 without a batch.</param>
/// <param name="RowStride">From row to row.</param>
internal sealed record Layout(bool Batched, int Rows, int Columns, long ImageStride, long RowStride)
{
    /// <summary>Whether each float of memory holds two neighbouring columns in bfloat16.</summary>
    public bool InPairs { get; init; }

    /// <summary>The floats of memory that a row takes.</summary>
    public int FloatsOfRow => InPairs ? Columns / 2 : Columns;

    public Shape Shape => new(Batched, Rows, Columns);

    /// <summary>Whether nothing lies between the rows.</summary>
    public bool IsDense => RowStride == FloatsOfRow && (!Batched || ImageStride == (long)Rows * FloatsOfRow);
}

/// <summary>The layout of an output that may not be asked for.</summary>
internal sealed record OptionalLayout(Layout? Layout);
