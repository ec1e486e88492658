using System.IO.Compression;
using VptDsl.Common;

namespace VptDsl.Weights.Zip;

/// <summary>Reads one file of an archive from its beginning, unpacking what was compressed, and checks it against its checksum.</summary>
internal sealed class ZipEntryReader : IDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly string _path;
    private readonly ZipEntry _entry;
    private readonly string? _checksumRemedy;
    private readonly Stream _stream;
    private long _read;
    private uint _checksum;

    /// <summary>Begins to read.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="entry">The file in it.</param>
    /// <param name="checksumRemedy">What to do where the content has another checksum; null for what is always true.</param>
    public ZipEntryReader(MappedFile file, string path, ZipEntry entry, string? checksumRemedy = null)
    {
        _path = path;
        _entry = entry;
        _checksumRemedy = checksumRemedy;
        var stored = new MappedStream(file, entry.Offset, entry.StoredBytes);
        _stream = entry.IsDeflated ? new DeflateStream(stored, CompressionMode.Decompress) : stored;
    }

    /// <summary>Reads the next bytes, exactly as many as there is room for.</summary>
    /// <exception cref="WeightFileException">There are fewer, or they cannot be unpacked.</exception>
    public void Read(Span<byte> destination)
    {
        if (destination.Length > _entry.Bytes - _read || TryRead(destination) < destination.Length)
        {
            throw Broken("ends too early");
        }
    }

    /// <summary>Reads what is left, and checks that the file was what its checksum says.</summary>
    /// <exception cref="WeightFileException">It was not, or it is longer or shorter than declared.</exception>
    public void Finish()
    {
        byte[] chunk = new byte[(int)Math.Clamp(_entry.Bytes - _read, 1, ChunkBytes)];
        while (_read < _entry.Bytes)
        {
            Read(chunk.AsSpan(0, (int)Math.Min(chunk.Length, _entry.Bytes - _read)));
        }

        if (TryRead(chunk.AsSpan(0, 1)) != 0)
        {
            throw Broken("is longer than the archive says");
        }

        if (_checksum != _entry.Checksum)
        {
            const string Problem = "does not have its checksum";
            throw _checksumRemedy is null ? Broken(Problem) : new WeightFileException(_path, Named(Problem), _checksumRemedy);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private int TryRead(Span<byte> destination)
    {
        try
        {
            int count = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            _read += count;
            _checksum = Crc32.Append(_checksum, destination[..count]);
            return count;
        }
        catch (InvalidDataException e)
        {
            throw Broken("cannot be unpacked", e);
        }
    }

    private WeightFileException Broken(string problem, Exception? cause = null) =>
        WeightFileException.Broken(_path, Named(problem), innerException: cause);

    private string Named(string problem) => $"{Quoted.Name(_entry.Name)} in the zip archive {problem}";
}
