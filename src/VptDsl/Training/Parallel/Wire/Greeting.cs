using System.Security.Cryptography;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>How a connection begins: both sides say which protocol they speak and draw a number, from which its keys are made.</summary>
internal static class Greeting
{
    private const int DrawnBytes = 32;

    // The last byte is the protocol's version.
    private static readonly byte[] Protocol = [.. "VPTDSLW"u8, 2];

    /// <summary>Greets as a run's leader.</summary>
    public static Task<FrameStream> AsLeaderAsync(Stream stream, WorkerSecret secret, CancellationToken cancellation) =>
        GreetAsync(stream, secret, isLeader: true, cancellation);

    /// <summary>Greets as a worker.</summary>
    public static Task<FrameStream> AsWorkerAsync(Stream stream, WorkerSecret secret, CancellationToken cancellation) =>
        GreetAsync(stream, secret, isLeader: false, cancellation);

    private static async Task<FrameStream> GreetAsync(
        Stream stream, WorkerSecret secret, bool isLeader, CancellationToken cancellation)
    {
        byte[] own = RandomNumberGenerator.GetBytes(DrawnBytes), theirs = new byte[Protocol.Length + DrawnBytes];
        await stream.WriteAsync((byte[])[.. Protocol, .. own], cancellation).ConfigureAwait(false);
        await stream.ReadExactlyAsync(theirs, cancellation).ConfigureAwait(false);
        if (!theirs.AsSpan().StartsWith(Protocol))
            throw new InvalidDataException("the other side speaks another protocol: use the same version of VptDsl everywhere");
        byte[] other = theirs[Protocol.Length..];
        (byte[] leader, byte[] worker) = isLeader ? (own, other) : (other, own);
        byte[] ofLeader = secret.KeyOf("leader"u8, leader, worker), ofWorker = secret.KeyOf("worker"u8, leader, worker);
        return isLeader ? new FrameStream(stream, ofLeader, ofWorker) : new FrameStream(stream, ofWorker, ofLeader);
    }
}
