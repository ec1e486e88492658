using Parquet.Schema;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>
/// Image files out of the rows of Parquet files. In those, a row group is compressed as a whole: to have one of its images is to unpack
/// all before it. So each row group is unpacked once, when the first of its images is needed, and kept where each can be read by itself.
/// </summary>
internal sealed class UnpackedImages(RowTable rows, string column, string scratchFolder)
{
    private const int Missing = -1;

    private readonly Lock _gate = new();
    private readonly long[] _offsets = new long[rows.Count];
    private readonly int[] _lengths = new int[rows.Count];
    private readonly bool[] _isUnpacked = new bool[rows.Groups.Count];
    private ScratchFile? _scratch;
    private ShardReader? _open;

    /// <summary>The bytes of a row's image.</summary>
    /// <exception cref="ImageDataException">The row has none, or its row group is damaged.</exception>
    public int LengthOf(int row)
    {
        int group = rows.GroupOf(row);
        if (!Volatile.Read(ref _isUnpacked[group]))
            Unpack(group);
        return _lengths[row] != Missing ? _lengths[row] : throw new ImageDataException(
            rows.Place(row), "the row has no image",
            "Take the row out; if it has a path alone, put the image's bytes in, as push_to_hub of the datasets library does.");
    }

    /// <summary>Reads a row's image, whose length has been asked for; for any number of threads.</summary>
    public void Read(int row, Span<byte> destination) => _scratch!.Read(destination, _offsets[row]);

    private void Unpack(int number)
    {
        lock (_gate)
        {
            if (_isUnpacked[number])
                return;
            RowGroupPlace group = rows.Groups[number];
            _scratch ??= new ScratchFile(scratchFolder);
            ReadOnlyMemory<byte>[] images = ReadGroup(group);
            long offset = _scratch.Length;
            _scratch.Append(images);
            for (int i = 0; i < images.Length; i++)
            {
                _offsets[group.Start + i] = offset;
                offset += images[i].Length;
            }

            Volatile.Write(ref _isUnpacked[number], true);
            if (rows.Groups.Zip(_isUnpacked).All(other => other.First.File != group.File || other.Second))
                Close();
        }
    }

    /// <summary>The images of a row group, in the order of rows; nothing for rows that have none.</summary>
    private ReadOnlyMemory<byte>[] ReadGroup(RowGroupPlace group)
    {
        if (_open?.Path != group.File)
        {
            Close();
            _open = ShardReader.Open(group.File);
        }

        DataField field = ChosenColumns.ImageOf(_open, column);
        ColumnValues<ReadOnlyMemory<byte>> read = _open.Read<ReadOnlyMemory<byte>>(group.Index, field);
        if (read.Values.Length != group.Count)
            throw _open.Damaged($"row group {group.Index} has {read.Values.Length} images for {group.Count} rows");
        var images = new ReadOnlyMemory<byte>[group.Count];
        int taken = 0;
        for (int i = 0; i < images.Length; i++)
        {
            bool isThere = read.Definitions.Length == 0 || read.Definitions[i] == field.MaxDefinitionLevel;
            images[i] = isThere ? read.Values[taken++] : default;
            _lengths[group.Start + i] = isThere ? images[i].Length : Missing;
        }

        return images;
    }

    private void Close()
    {
        _open?.Dispose();
        _open = null;
    }
}
