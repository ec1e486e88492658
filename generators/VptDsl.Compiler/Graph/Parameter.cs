using VptDsl.Compiler.Common;
using VptDsl.Programs;

namespace VptDsl.Compiler.Graph;

/// <summary>A parameter tensor of the model.</summary>
/// <param name="Name">Its canonical (timm) name.</param>
/// <param name="TensorShape">Its shape in files.</param>
/// <param name="Kind">Backbone, prompt or head.</param>
/// <param name="Initializer">How it is drawn when no file provides it.</param>
/// <param name="Trained">Whether the step updates it.</param>
internal sealed record Parameter(
    string Name,
    EquatableArray<int> TensorShape,
    ParameterKind Kind,
    Initializer Initializer,
    bool Trained)
{
    /// <summary>
    /// Whether each training step measures it anew, as a running mean: no gradient changes it, and it is no constant either.
    /// </summary>
    public bool Measured { get; init; }

    /// <summary>How its rows follow each other, where they are positions.</summary>
    public PatchGrid? Grid { get; init; }

    /// <summary>Whether it is in no file, but computed once from frozen parameters.</summary>
    public bool Folded { get; init; }

    public long Count => TensorShape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>The whole tensor as a matrix of this many rows.</summary>
    public ParameterSlice AsMatrix(int rows) => Slice(0, rows, (int)(Count / rows));

    /// <summary>Consecutive rows, of a tensor whose first dimension is rows.</summary>
    public ParameterSlice RowsOf(int first, int count)
    {
        int columns = (int)(Count / TensorShape[0]);
        return Slice((long)first * columns, count, columns);
    }

    /// <summary>Consecutive elements as one row.</summary>
    public ParameterSlice ElementsOf(int first, int count) => Slice(first, 1, count);

    /// <summary>Consecutive elements as a matrix.</summary>
    public ParameterSlice Slice(long offset, int rows, int columns) => new(this, offset, new Shape(Batched: false, rows, columns));
}

/// <summary>Consecutive elements of a parameter, seen as a matrix.</summary>
internal sealed record ParameterSlice(Parameter Parameter, long Offset, Shape Shape)
{
    public override string ToString() =>
        Shape.Count == Parameter.Count ? Parameter.Name : $"{Parameter.Name}[{Offset}..{Offset + Shape.Count}]";
}

/// <summary>How a parameter is drawn when no file provides it: a constant, or a half-width or standard deviation around 0.</summary>
internal sealed record Initializer(Distribution Distribution, double Value);
