using System.Buffers.Binary;

namespace VptDsl.Weights.Zip;

/// <summary>What the last bytes of a zip archive say: where its directory lies.</summary>
/// <param name="Entries">How many files the directory lists.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct ZipEnd(long Entries, long Offset, long Length)
{
    private const int RecordBytes = 22;
    private const int LocatorBytes = 20;
    private const int LargeRecordBytes = 56;
    private const int LongestComment = ushort.MaxValue;
    private const uint Signature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint LargeSignature = 0x06064b50;

    /// <summary>Finds the end of an archive.</summary>
    /// <exception cref="WeightFileException">There is none: the file is cut off, continued by something else, or damaged.</exception>
    public static ZipEnd Find(MappedFile file, string path)
    {
        byte[] tail = new byte[Math.Min(file.Length, RecordBytes + LongestComment)];
        file.Copy(file.Length - tail.Length, tail);
        for (int at = tail.Length - RecordBytes; at >= 0; at--)
        {
            var record = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) == Signature
                && BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) == record.Length - RecordBytes)
            {
                return Read(file, path, record, file.Length - tail.Length + at);
            }
        }

        throw WeightFileException.Broken(
            path, "the zip archive has no directory at its end", remedy: "The file was probably cut off: download or copy it again.");
    }

    private static ZipEnd Read(MappedFile file, string path, ReadOnlySpan<byte> record, long position)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) is not (0 or uint.MaxValue))
        {
            throw WeightFileException.Broken(
                path, "the zip archive is in several parts", remedy: "Join the parts, for instance with zip -s 0.");
        }

        var end = ReadLarge(file, path, position) ?? new ZipEnd(
            BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]));
        if (end.Offset < 0 || end.Length < 0 || end.Length > position || end.Offset > position - end.Length)
        {
            throw WeightFileException.Broken(path, "the zip archive's directory would lie outside of the file");
        }

        return end;
    }

    private static ZipEnd? ReadLarge(MappedFile file, string path, long position)
    {
        if (position < LocatorBytes)
        {
            return null;
        }

        Span<byte> locator = stackalloc byte[LocatorBytes];
        file.Copy(position - LocatorBytes, locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            return null;
        }

        long at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        Span<byte> record = stackalloc byte[LargeRecordBytes];
        if (at >= 0 && at <= position - LocatorBytes - LargeRecordBytes)
        {
            file.Copy(at, record);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(record) == LargeSignature
            ? new ZipEnd(
                BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[40..]))
            : throw WeightFileException.Broken(path, "the zip archive's directory cannot be found where its end says it is");
    }
}
