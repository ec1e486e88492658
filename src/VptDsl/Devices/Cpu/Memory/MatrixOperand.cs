using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <summary>An operand of a CPU operation, as generated code describes it. The default is an operand that is not there.</summary>
public readonly record struct MatrixOperand
{
    internal MatrixOperand(Slot slot, bool isBatched, int rows, int columns, long rowStride, long imageStride, bool inPairs = false)
    {
        Slot = slot;
        IsBatched = isBatched;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ImageStride = imageStride;
        InPairs = inPairs;
    }

    internal Slot Slot { get; }

    internal bool IsPresent => Columns > 0;

    internal bool IsBatched { get; }

    internal int Rows { get; }

    internal int Columns { get; }

    internal long RowStride { get; }

    internal long ImageStride { get; }

    /// <summary>Whether each float of memory holds two neighbouring columns in bfloat16.</summary>
    internal bool InPairs { get; }
}
