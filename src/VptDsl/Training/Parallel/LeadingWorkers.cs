using System.Net;
using System.Net.Sockets;
using VptDsl.Training.Parallel.Wire;

namespace VptDsl.Training.Parallel;

/// <summary>
/// Lets this process lead fits that others join (<see cref="JoiningWorkers"/>), over TCP. It listens from now on until it is disposed of.
/// </summary>
/// <remarks>
/// The leader computes too, writes the checkpoint and the logs, and keeps the optimiser's state. Others may come, die and come again: what
/// they leave undone is computed by those who are there, and the result has the same bits. Messages are proved by the secret but not
/// encrypted: keep them in a network of your own, or in a tunnel.
/// </remarks>
public sealed class LeadingWorkers : WorkerGroup
{
    private readonly TcpListener _listener;
    private readonly WorkerSecret _secret;

    /// <summary>Begins to listen.</summary>
    /// <param name="address">
    /// Where, as host:port: <c>127.0.0.1:7311</c> for this machine alone, <c>0.0.0.0:7311</c> for all networks. Port 0 takes a free one.
    /// </param>
    /// <param name="secret">What all workers of the group know and nobody else does, at least 16 characters.</param>
    /// <param name="workers">How many workers there will be, this one among them, 1 to 1024; more may come.</param>
    /// <exception cref="ArgumentException">An argument makes no sense.</exception>
    /// <exception cref="IOException">Nobody can listen there: the port is taken, or the address is no address of this machine.</exception>
    public LeadingWorkers(string address, string secret, int workers)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, MostWorkers);
        WorkerAddress place = WorkerAddress.Parse(address, nameof(address));
        _secret = new WorkerSecret(secret, nameof(secret));
        Workers = workers;
        _listener = new TcpListener(place.Resolve());
        try
        {
            _listener.Start();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new IOException($"Nobody can listen on {place} ({e.Message.TrimEnd('.')}): give another port, or stop who has it.", e);
        }

        Address = (place with { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }).ToString();
    }

    /// <summary>The most workers of a group.</summary>
    internal const int MostWorkers = 1024;

    /// <summary>Where it listens, as host:port, with the port that was taken.</summary>
    public string Address { get; }

    /// <summary>How many workers there will be, this one among them.</summary>
    public int Workers { get; }

    /// <summary>
    /// How long a fit waits at its beginning until all are there, 0 or more; then it begins with those who are. 10 seconds unless set.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a worker may say nothing, above 0. After that the others compute its part, and it may join again. A minute unless set. A
    /// worker says five times in this time that it is at it, so that a shard may take as long as it takes.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many others have come so far, those among them that came again.</summary>
    internal int Came { get; private set; }

    internal override int? Size => Workers;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }

    /// <summary>Where it listens, and for how many.</summary>
    public override string ToString() => FormattableString.Invariant($"leads {Workers} workers on {Address}");

    internal override IWorkerSource Open(RunTerms terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StartTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StallTimeout, TimeSpan.Zero);
        return new WorkerDoor(_listener, _secret, terms, Workers - 1, StartTimeout, StallTimeout, () => Came++);
    }
}
