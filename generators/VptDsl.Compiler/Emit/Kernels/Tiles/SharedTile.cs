namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// A matrix in shared memory, of which threads read and write four neighbouring floats of a row at a time. A row takes an odd number of
/// fours, so that the fours of a column lie in different banks.
/// </summary>
internal sealed class SharedTile
{
    private readonly int _rows, _pitch;

    /// <param name="name">Its variable.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns: a multiple of four.</param>
    public SharedTile(string name, int rows, int columns)
    {
        if (columns % 4 != 0)
            throw new ArgumentException($"{columns} columns are no multiple of four.", nameof(columns));
        Name = name;
        Columns = columns;
        _rows = rows;
        _pitch = (columns / 4) | 1;
    }

    public string Name { get; }

    public int Columns { get; }

    public int Floats => _rows * _pitch * 4;

    /// <summary>Its rows as what is multiplied: neighbours in memory are summed over.</summary>
    public SharedLines AsRows => new(this, IsDepthContiguous: true);

    /// <summary>Its columns as what is multiplied: neighbours in memory belong to neighbouring lines.</summary>
    public SharedLines AsColumns => new(this, IsDepthContiguous: false);

    public void Declare(SourceWriter writer)
    {
        string padding = _pitch * 4 == Columns ? "" : $" + {(_pitch * 4) - Columns}";
        writer.Line($"ArrayView<Float4> {Name}4 = SharedMemory.Allocate<Float4>({Floats / 4}); // [{_rows}, {Columns}{padding}] floats");
        writer.Line($"ArrayView<float> {Name} = {Name}4.Cast<float>();");
    }

    public string At(string row, string column) => $"{Name}[{row} * {_pitch * 4} + {column}]";

    /// <summary>Four floats of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="four">Their place, counted in fours.</param>
    public string FourAt(string row, string four) => $"{Name}4[{row} * {_pitch} + {four}]";

    /// <summary>A unit of one or four floats of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="place">Its place, counted in units.</param>
    /// <param name="unit">Floats of a unit.</param>
    public string UnitAt(string row, string place, int unit) => unit == 1 ? At(row, place) : FourAt(row, place);

    /// <summary>Loads a head's columns of some rows; what lies beyond is zero.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="operand">What is loaded from.</param>
    /// <param name="first">The variable of the first row.</param>
    /// <param name="head">The head's columns.</param>
    /// <param name="threads">Threads of the group.</param>
    public void Load(SourceWriter writer, KernelOperand operand, string first, HeadColumns head, int threads)
    {
        int unit = head.UnitOf(operand), units = Columns / unit;
        using (writer.Block($"for (int i = thread; i < {_rows * units}; i += {threads})"))
        {
            writer.Line($"int row = i / {units}, d = i % {units};");
            string isThere = $"{first} + row < {operand.RowsText}{head.Guard("d", unit, Columns)}";
            writer.Line($"{UnitAt("row", "d", unit)} = {isThere} ? {operand.InUnits(unit).At($"({first} + row)", head.At("d", unit))} : "
                + $"{KernelOperand.Nothing(unit)};");
        }
    }
}

/// <summary>The lines of a matrix in shared memory of which a product is made: its rows, or its columns.</summary>
/// <param name="Tile">The matrix.</param>
/// <param name="IsDepthContiguous">Whether they are its rows: then neighbours in memory are summed over.</param>
internal sealed record SharedLines(SharedTile Tile, bool IsDepthContiguous);
