using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>A part of a file that is read at once.</summary>
/// <param name="File">The file.</param>
/// <param name="Index">Its place in the file.</param>
/// <param name="Start">Its first row, among all files'.</param>
/// <param name="StartInFile">The same in its own file.</param>
/// <param name="Count">How many rows it has.</param>
internal readonly record struct RowGroupPlace(string File, int Index, int Start, int StartInFile, int Count)
{
    /// <summary>Where a row is, for messages; counted from 0, as Python does.</summary>
    /// <param name="row">The row, among all files'.</param>
    public string Place(int row) => FormattableString.Invariant($"{File}, row {row - Start + StartInFile}");
}

/// <summary>Where rows lie: in which row group of which file.</summary>
internal sealed class RowTable
{
    /// <summary>The most images of a set, and of a row group.</summary>
    public const int MostRows = 100_000_000;

    private readonly List<RowGroupPlace> _groups = [];

    /// <summary>All rows.</summary>
    public int Count { get; private set; }

    /// <summary>The row groups, in order.</summary>
    public IReadOnlyList<RowGroupPlace> Groups => _groups;

    /// <summary>Adds the next row group.</summary>
    /// <exception cref="ImageDataException">There are more rows than are read.</exception>
    public void Add(string file, int index, int rows)
    {
        int startInFile = index == 0 ? 0 : _groups[^1].StartInFile + _groups[^1].Count;
        if (rows > MostRows - Count)
            throw new ImageDataException(file, $"there are more than {MostRows} rows, the most that are read", "Give fewer files.");
        _groups.Add(new RowGroupPlace(file, index, Count, startInFile, rows));
        Count += rows;
    }

    /// <summary>The number of the row group of a row.</summary>
    public int GroupOf(int row)
    {
        int first = 0, last = _groups.Count - 1;
        while (first < last)
        {
            int middle = (first + last + 1) / 2;
            (first, last) = _groups[middle].Start <= row ? (middle, last) : (first, middle - 1);
        }

        // Of groups that begin at the same row all but the last are empty.
        return first;
    }

    /// <summary>Where a row is, for messages.</summary>
    public string Place(int row) => _groups[GroupOf(row)].Place(row);
}
