using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>
/// Frames over a connection: length, kind, payload, and a code that only who knows the secret can have made of these and of the frame's
/// number. So a frame that was changed, left out or sent again is no frame. For one reader and one writer at a time.
/// </summary>
/// <param name="stream">The connection; disposed of with this.</param>
/// <param name="sending">The key of what this side sends.</param>
/// <param name="receiving">The key of what the other side sends.</param>
internal sealed class FrameStream(Stream stream, byte[] sending, byte[] receiving) : IDisposable
{
    private const int HeaderBytes = 5, CodeBytes = 32, UnreadBytes = 1 << 16;

    private readonly IncrementalHash _sentCode = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, sending);
    private readonly IncrementalHash _receivedCode = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, receiving);
    private readonly byte[] _sentHeader = new byte[HeaderBytes], _header = new byte[HeaderBytes];
    private readonly byte[] _sent = new byte[CodeBytes], _code = new byte[CodeBytes];
    private byte[] _payload = [];
    private long _sentFrames;
    private bool _isTorn;
    private long _receivedFrames;

    /// <summary>Sends a frame.</summary>
    /// <exception cref="IOException">The connection has ended, or the frame before was cut off: this one would be its rest.</exception>
    public async Task WriteAsync(FrameKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        if (_isTorn)
            throw new IOException("the message before was cut off");
        _isTorn = true;
        BinaryPrimitives.WriteInt32LittleEndian(_sentHeader, payload.Length);
        _sentHeader[^1] = (byte)kind;
        Sign(_sentCode, _sentFrames++, _sentHeader, payload.Span, _sent);
        await stream.WriteAsync(_sentHeader, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(payload, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(_sent, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
        _isTorn = false;
    }

    /// <summary>Receives a frame.</summary>
    /// <param name="largest">The most bytes that its payload may have; more are an error before memory is taken for them.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Its kind and its payload, which stays until the next call.</returns>
    /// <exception cref="InvalidDataException">It is too large, or was not made by who knows the secret.</exception>
    /// <exception cref="EndOfStreamException">The connection has ended.</exception>
    public async Task<(FrameKind Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(long largest, CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(_header, cancellation).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadInt32LittleEndian(_header);
        if (length < 0 || length > largest)
            throw new InvalidDataException($"a message of {length} bytes came where {largest} are the most");
        if (_payload.Length < length)
            _payload = new byte[length];
        Memory<byte> payload = _payload.AsMemory(0, length);
        await stream.ReadExactlyAsync(payload, cancellation).ConfigureAwait(false);
        await stream.ReadExactlyAsync(_code, cancellation).ConfigureAwait(false);
        byte[] expected = new byte[CodeBytes];
        Sign(_receivedCode, _receivedFrames++, _header, payload.Span, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, _code))
            throw new InvalidDataException("a message was not made with the group's secret: give all workers the same one");
        return ((FrameKind)_header[^1], payload);
    }

    /// <summary>
    /// Sends nothing any more, and passes over what still comes until the other side closes: to close with something unread may take back
    /// what was sent last.
    /// </summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task EndAsync(CancellationToken cancellation)
    {
        (stream as NetworkStream)?.Socket.Shutdown(SocketShutdown.Send);
        byte[] unread = new byte[UnreadBytes];
        while (await stream.ReadAsync(unread, cancellation).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        _sentCode.Dispose();
        _receivedCode.Dispose();
    }

    private static void Sign(IncrementalHash hash, long number, byte[] header, ReadOnlySpan<byte> payload, byte[] code)
    {
        Span<byte> numberBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(numberBytes, number);
        hash.AppendData(numberBytes);
        hash.AppendData(header);
        hash.AppendData(payload);
        hash.GetHashAndReset(code);
    }
}
