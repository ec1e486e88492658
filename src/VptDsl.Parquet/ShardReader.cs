using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>
/// A column of a row group: its values one behind the other without the missing ones, and the levels that say where these are.
/// </summary>
/// <param name="Values">As many as there are, and room behind them.</param>
/// <param name="Definitions">For each place how much of its path is there; empty where all is, always.</param>
/// <param name="Repetitions">For each place 0 where a row begins; empty where each row has one place.</param>
internal readonly record struct ColumnValues<T>(T[] Values, int[] Definitions, int[] Repetitions);

/// <summary>An open file, for one thread at a time. Whatever is wrong with it is an <see cref="ImageDataException"/>.</summary>
internal sealed class ShardReader : IDisposable
{
    /// <summary>The largest column of a row group that is read, unpacked: 2 GiB.</summary>
    private const long MaximumColumnBytes = 1L << 31;

    /// <summary>The most values of a row group's column.</summary>
    private const int MostValues = RowTable.MostRows;

    private readonly ShardStream _stream;
    private readonly ParquetReader _reader;

    private ShardReader(string path, ShardStream stream)
    {
        (Path, _stream) = (path, stream);
        _reader = Guarded(() => Now(ParquetReader.CreateAsync(stream)));
        Schema = Guarded(() => _reader.Schema);
        Metadata = Guarded(() => _reader.CustomMetadata);
        RowGroups = _reader.RowGroupCount;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its columns.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>What else it says, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>How many row groups it has.</summary>
    public int RowGroups { get; }

    /// <summary>Opens a file and reads its tables.</summary>
    /// <exception cref="ImageDataException">It is missing, cannot be read, or is damaged.</exception>
    public static ShardReader Open(string path)
    {
        ShardStream stream = ShardStream.Open(path);
        try
        {
            return new ShardReader(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a row group.</summary>
    /// <exception cref="ImageDataException">There are more than are read.</exception>
    public int RowsOf(int group) => Guarded(() => _reader.OpenRowGroupReader(group).RowCount) is >= 0 and <= RowTable.MostRows and var rows
        ? (int)rows
        : throw Damaged($"row group {group} has no number of rows that can be");

    /// <summary>A column of a row group.</summary>
    /// <exception cref="ImageDataException">It is damaged, too large, or in a form that is not read.</exception>
    public ColumnValues<T> Read<T>(int group, DataField field)
        where T : struct => Guarded(() =>
    {
        using ParquetRowGroupReader reader = _reader.OpenRowGroupReader(group);
        ColumnMetaData column = reader.GetMetadata(field)?.MetaData
            ?? throw Damaged($"row group {group} has no column {Quoted.Name(field.Path.ToString())}");
        if (column.NumValues < reader.RowCount || column.NumValues > MostValues || column.TotalUncompressedSize > MaximumColumnBytes)
        {
            throw new ImageDataException(
                Path,
                FormattableString.Invariant($"row group {group} has {column.NumValues} values of {Quoted.Name(field.Path.ToString())}")
                    + FormattableString.Invariant($" in {column.TotalUncompressedSize} bytes, and {MostValues} in {MaximumColumnBytes}")
                    + " are the most that are read at once",
                "Write it with smaller row groups, as to_parquet(batch_size=100) of the datasets library does.");
        }

        int count = (int)column.NumValues;
        var values = new ColumnValues<T>(
            new T[count], field.MaxDefinitionLevel > 0 ? new int[count] : [], field.MaxRepetitionLevel > 0 ? new int[count] : []);
        Now(reader.ReadRawAsync<T>(
            field, values.Values, LevelsOf(values.Definitions), LevelsOf(values.Repetitions)));
        return values;
    });

    /// <summary>The error for what cannot be so.</summary>
    public ImageDataException Damaged(string problem, Exception? cause = null) =>
        new(Path, problem, "Fetch the file again, or write it again.", innerException: cause);

    public void Dispose() => _stream.Dispose();

    /// <summary>Waits for what <see cref="ShardStream"/> lets end at once.</summary>
    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Now(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static Memory<int>? LevelsOf(int[] levels) => levels.Length > 0 ? levels.AsMemory() : (Memory<int>?)null;

    /// <summary>Damage comes to light as exceptions of any kind, wherever a number is first made use of.</summary>
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not ImageDataException)
        {
            throw Damaged(
                $"this is no Parquet file, or it is damaged or in a form that is not read ({Quoted.Text(e.Message.TrimEnd('.'))})", e);
        }
    }
}
