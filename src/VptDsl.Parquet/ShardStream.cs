using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Data.Pixels;

namespace VptDsl.Parquet;

/// <summary>
/// A file whose reads have ended when they return, asynchronous ones too, so that nobody waits for another thread; and whose end is an
/// error, since what a file's own tables say lies there is never beyond it.
/// </summary>
/// <remarks>
/// Between the tables at the end and their length there are zeros that the file does not have: whoever reads damaged tables reads on behind
/// them, where a number without an end would be read for ever, and a zero ends both numbers and tables.
/// </remarks>
internal sealed class ShardStream : Stream
{
    private const int Zeros = 1 << 20, TailBytes = 8;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _tail = new byte[TailBytes];
    private readonly long _contentLength;

    private ShardStream(string path, SafeFileHandle file)
    {
        (_path, _file) = (path, file);
        long length = RandomAccess.GetLength(file);
        (_contentLength, Length) = (length - TailBytes, length + Zeros);
        if (_contentLength > 0)
            RandomAccess.Read(file, _tail, _contentLength);
        int tables = BinaryPrimitives.ReadInt32LittleEndian(_tail);
        if (!_tail.AsSpan().EndsWith("PAR1"u8) || tables < 1 || tables > _contentLength || tables > int.MaxValue - Zeros)
        {
            throw new ImageDataException(
                path, "this is no Parquet file, or it is cut off", "Give the path of a Parquet file, or fetch it again.");
        }

        BinaryPrimitives.WriteInt32LittleEndian(_tail, tables + Zeros);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImageDataException">It is missing or cannot be read.</exception>
    public static ShardStream Open(string path)
    {
        if (SpecialFile.KindOf(path) is { } kind)
            throw ImageFileReader.Special(path, kind);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            return new ShardStream(path, file);
        }
        catch (ImageDataException)
        {
            file!.Dispose();
            throw;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageDataException(path, "there is no such file", "Give the path of a Parquet file.", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ImageFileReader.Unreadable(path, e);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int read = Position < _contentLength ? ReadContent(buffer)
            : Position < Length - TailBytes ? Clear(buffer)
            : CopyTail(buffer);
        Position += read;
        return read > 0 ? read : throw new EndOfStreamException("it ends before what it holds does");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        long start = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        long place = checked(start + offset);
        return Position = place >= 0 && place <= Length ? place : throw new EndOfStreamException("it points to what lies outside of it");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private int ReadContent(Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(_file, buffer[..(int)Math.Min(buffer.Length, _contentLength - Position)], Position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFileReader.Unreadable(_path, e);
        }
    }

    private int Clear(Span<byte> buffer)
    {
        Span<byte> zeros = buffer[..(int)Math.Min(buffer.Length, Length - TailBytes - Position)];
        zeros.Clear();
        return zeros.Length;
    }

    private int CopyTail(Span<byte> buffer)
    {
        ReadOnlySpan<byte> tail = _tail.AsSpan((int)(Position - (Length - TailBytes)));
        tail = tail[..Math.Min(buffer.Length, tail.Length)];
        tail.CopyTo(buffer);
        return tail.Length;
    }
}
