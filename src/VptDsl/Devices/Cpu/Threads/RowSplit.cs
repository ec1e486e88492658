namespace VptDsl.Devices.Cpu;

/// <summary>Rows cut into items of about equal work. It depends on the size alone, never on the number of threads.</summary>
internal readonly struct RowSplit
{
    // A few microseconds of element-wise work: what starting an item may cost.
    private const long FloatsPerItem = 16 * 1024;

    private readonly long _rows;
    private readonly long _rowsPerItem;

    private RowSplit(long rows, long rowsPerItem)
    {
        _rows = rows;
        _rowsPerItem = rowsPerItem;
        Items = (int)((rows + rowsPerItem - 1) / rowsPerItem);
    }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    /// <summary>Cuts rows of <paramref name="columns"/> floats, into at most <paramref name="mostItems"/> items.</summary>
    public static RowSplit Of(long rows, int columns, int mostItems = 4096)
    {
        long rowsPerItem = Math.Max(1, FloatsPerItem / Math.Max(1, columns));
        long items = Math.Clamp((rows + rowsPerItem - 1) / rowsPerItem, 1, mostItems);
        return new RowSplit(rows, Math.Max(1, (rows + items - 1) / items));
    }

    /// <summary>An item's first row.</summary>
    public long First(int item) => item * _rowsPerItem;

    /// <summary>The row after an item's last.</summary>
    public long End(int item) => Math.Min(_rows, (item + 1) * _rowsPerItem);
}
