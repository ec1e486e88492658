using Microsoft.AspNetCore.Http;

namespace VptDsl.Serving.Http;

/// <summary>
/// A request's body as it comes. Servers tell in several ways that the connection has broken off, at times before they cancel the request;
/// here it is one, which nobody takes for an error of what the body holds, or of this program.
/// </summary>
internal sealed class IncomingBody(HttpRequest request) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="RequestProblem">Whoever sent it has gone.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            throw new RequestProblem(
                Problems.ClientClosedRequest, "Caller gone", "The connection broke off before all of the body had come.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    /// <summary>Of a body that has said how long it is nothing else is a bad request than that it ends before.</summary>
    private bool IsOfConnection(Exception exception) => exception is BadHttpRequestException bad
        ? bad.StatusCode == StatusCodes.Status400BadRequest && request.ContentLength is not null
        : exception is IOException or OperationCanceledException;
}
