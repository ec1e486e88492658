using System.Buffers;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Data.Stores;

namespace VptDsl.Parquet;

/// <summary>Images in rows of Parquet files, decoded whenever they are read.</summary>
internal sealed class ParquetStore(RowTable rows, int[] labels, IReadOnlyList<string> classNames, UnpackedImages images) : IPixelStore
{
    public int Count => rows.Count;

    public IReadOnlyList<string> ClassNames => classNames;

    public int Label(int index) => labels[index];

    public PixelImage Load(int index)
    {
        int length = images.LengthOf(index);
        ImageFileReader.RequireLength(length, NameOf(index));
        byte[] content = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            images.Read(index, content.AsSpan(0, length));
            return ImageFileReader.Decode(content.AsSpan(0, length), NameOf(index));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    public string NameOf(int index) => rows.Place(index);

    public ImageDataException Unfit(int index, InvalidDataException cause) =>
        ImageFileReader.Unfit(NameOf(index), list: null, entry: null, cause);
}
