using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using VptDsl.Common;

namespace VptDsl.Weights.Zip;

/// <summary>Reads a zip archive's directory with distrust: every place that it names is checked before it is believed.</summary>
internal sealed class ZipDirectory
{
    // A directory takes some 100 bytes a file; checkpoints have a few hundred files.
    private const int MaxBytes = 1 << 24;

    // Far beyond the names of tensors, and too short to be a burden.
    private const int LongestName = 4000;

    private const int RecordBytes = 46;
    private const int LocalRecordBytes = 30;
    private const uint Signature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const ushort Encrypted = 1;
    private const ushort Stored = 0;
    private const ushort Deflated = 8;
    private const ushort LargeSizes = 1;

    private readonly MappedFile _file;
    private readonly string _path;
    private readonly ZipEnd _end;

    private ZipDirectory(MappedFile file, string path)
    {
        _file = file;
        _path = path;
        _end = ZipEnd.Find(file, path);
    }

    /// <summary>The files of an archive, without its folders.</summary>
    /// <exception cref="WeightFileException">The file is no correct zip archive, or uses what no checkpoint does.</exception>
    public static ImmutableArray<ZipEntry> Read(MappedFile file, string path) => new ZipDirectory(file, path).Read();

    private ImmutableArray<ZipEntry> Read()
    {
        if (_end.Length > MaxBytes)
        {
            throw Broken($"the zip archive's directory of {_end.Length} bytes is too long");
        }

        byte[] directory = new byte[_end.Length];
        _file.Copy(_end.Offset, directory);
        var rest = directory.AsSpan();
        var entries = ImmutableArray.CreateBuilder<ZipEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long count = 0;
        for (; rest.Length > 0; count++)
        {
            var entry = ReadEntry(ref rest);
            if (!names.Add(entry.Name))
            {
                throw Broken($"the zip archive lists {Quoted.Name(entry.Name)} twice");
            }

            if (!entry.Name.EndsWith('/'))
            {
                entries.Add(entry);
            }
        }

        return count == _end.Entries
            ? entries.ToImmutable()
            : throw Broken($"the zip archive's directory lists {count} files instead of {_end.Entries}");
    }

    private ZipEntry ReadEntry(ref Span<byte> rest)
    {
        if (rest.Length < RecordBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) != Signature)
        {
            throw Broken("the zip archive's directory is damaged");
        }

        var record = rest[..RecordBytes];
        int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
        int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
        int commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
        if (rest.Length < RecordBytes + nameBytes + extraBytes + commentBytes || nameBytes > LongestName)
        {
            throw Broken("the zip archive's directory is damaged");
        }

        var nameText = rest.Slice(RecordBytes, nameBytes);
        string name = Encoding.UTF8.GetString(nameText);
        var (bytes, storedBytes, localOffset) = ReadPlace(record, rest.Slice(RecordBytes + nameBytes, extraBytes), name);
        rest = rest[(RecordBytes + nameBytes + extraBytes + commentBytes)..];

        ushort method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) & Encrypted) != 0)
        {
            throw Broken($"{Quoted.Name(name)} in the zip archive is encrypted", "Unpack it and pack it again without a password.");
        }

        if (method is not (Stored or Deflated))
        {
            throw Broken(
                $"{Quoted.Name(name)} in the zip archive is compressed by method {method}, which is neither none nor deflate",
                "Write the file again with numpy.savez or torch.save.");
        }

        if (method == Stored && bytes != storedBytes)
        {
            throw Broken($"{Quoted.Name(name)} in the zip archive is not compressed, but its two sizes differ");
        }

        long offset = FindData(localOffset, nameText, name);
        if (storedBytes > _end.Offset - offset)
        {
            throw Broken($"{Quoted.Name(name)} in the zip archive would reach into the archive's directory");
        }

        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        return new ZipEntry(name, method == Deflated, offset, storedBytes, bytes, checksum);
    }

    private (long Bytes, long StoredBytes, long LocalOffset) ReadPlace(ReadOnlySpan<byte> record, ReadOnlySpan<byte> extra, string name)
    {
        var large = FindLargeSizes(extra);
        long bytes = ReadSize(record[24..], ref large, name);
        long storedBytes = ReadSize(record[20..], ref large, name);
        return (bytes, storedBytes, ReadSize(record[42..], ref large, name));
    }

    // A size of 32 bits; where it does not fit them, it stands next among the 64-bit sizes behind the name.
    private long ReadSize(ReadOnlySpan<byte> field, ref ReadOnlySpan<byte> large, string name)
    {
        uint small = BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (small != uint.MaxValue)
        {
            return small;
        }

        if (large.Length < sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(large) is not (>= 0 and var size))
        {
            throw Broken($"the sizes of {Quoted.Name(name)} in the zip archive are missing or wrong");
        }

        large = large[sizeof(long)..];
        return size;
    }

    private static ReadOnlySpan<byte> FindLargeSizes(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == LargeSizes)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private long FindData(long localOffset, ReadOnlySpan<byte> nameText, string name)
    {
        Span<byte> record = stackalloc byte[LocalRecordBytes];
        long rest = _end.Offset - LocalRecordBytes - nameText.Length - localOffset;
        if (rest >= 0)
        {
            _file.Copy(localOffset, record);
            byte[] localName = new byte[nameText.Length];
            _file.Copy(localOffset + LocalRecordBytes, localName);
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[26..]);
            int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) == LocalSignature
                && nameBytes == nameText.Length
                && nameText.SequenceEqual(localName)
                && extraBytes <= rest)
            {
                return localOffset + LocalRecordBytes + nameBytes + extraBytes;
            }
        }

        throw Broken($"{Quoted.Name(name)} in the zip archive does not begin where the archive's directory says");
    }

    private WeightFileException Broken(string problem, string? remedy = null) =>
        remedy is null ? WeightFileException.Broken(_path, problem) : WeightFileException.Broken(_path, problem, remedy: remedy);
}
