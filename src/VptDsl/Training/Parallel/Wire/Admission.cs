using System.Collections.Immutable;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>How a worker is taken into a run: each side proves that it knows the secret, and that it has the same run.</summary>
internal static class Admission
{
    // Names of classes are part of what a run is.
    private const int LargestIdentity = 4 << 20, FewestBytesEach = 8;

    /// <summary>Hears a worker, as the leader.</summary>
    /// <param name="frames">The connection, after the greeting.</param>
    /// <param name="identity">The run.</param>
    /// <param name="shardImages">The images of a shard.</param>
    /// <param name="aliveEvery">How often the worker has to say something while it computes.</param>
    /// <param name="proved">Called when the worker has proved that it knows the secret.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Whether the worker takes part; if not, it has been told why.</returns>
    public static async Task<bool> HearAsync(
        FrameStream frames, ImmutableSortedDictionary<string, string> identity, int shardImages, TimeSpan aliveEvery, Action proved,
        CancellationToken cancellation)
    {
        var writer = new PayloadWriter();
        try
        {
            await ExpectAsync(frames, FrameKind.Ask, 0, cancellation).ConfigureAwait(false);
            proved();
            writer.Write(shardImages);
            writer.Write((int)aliveEvery.TotalMilliseconds);
            await frames.WriteAsync(FrameKind.Terms, writer.Payload, cancellation).ConfigureAwait(false);
            ReadOnlyMemory<byte> applied =
                await ExpectAsync(frames, FrameKind.Apply, LargestIdentity, cancellation).ConfigureAwait(false);
            if (RunIdentity.Difference(identity, Read(applied)) is not { } difference)
            {
                await frames.WriteAsync(FrameKind.Accept, default, cancellation).ConfigureAwait(false);
                return true;
            }

            await RefuseAsync(frames, $"the worker has another run; {difference}", cancellation).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(frames, e.Message, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Asks to take part, as a worker.</summary>
    /// <param name="frames">The connection, after the greeting.</param>
    /// <param name="termsOf">The run as this worker has it, for the images of a shard.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The run, and how often the leader wants to hear something.</returns>
    /// <exception cref="WorkerRefusedException">The leader does not take it; the message says why.</exception>
    public static async Task<(RunTerms Terms, TimeSpan AliveEvery)> AskAsync(
        FrameStream frames, Func<int, RunTerms> termsOf, CancellationToken cancellation)
    {
        await frames.WriteAsync(FrameKind.Ask, default, cancellation).ConfigureAwait(false);
        ReadOnlyMemory<byte> offered = await ExpectAsync(frames, FrameKind.Terms, LargestIdentity, cancellation).ConfigureAwait(false);
        (int shardImages, int aliveEvery) = ReadTerms(offered);
        RunTerms terms = termsOf(shardImages);
        var writer = new PayloadWriter();
        Write(writer, RunIdentity.Of(terms));
        await frames.WriteAsync(FrameKind.Apply, writer.Payload, cancellation).ConfigureAwait(false);
        await ExpectAsync(frames, FrameKind.Accept, LargestIdentity, cancellation).ConfigureAwait(false);
        return (terms, TimeSpan.FromMilliseconds(aliveEvery));
    }

    private static (int ShardImages, int AliveEvery) ReadTerms(ReadOnlyMemory<byte> payload)
    {
        var reader = new PayloadReader(payload);
        (int shardImages, int aliveEvery) = (reader.ReadInt(), reader.ReadInt());
        reader.End();
        return aliveEvery > 0
            ? (shardImages, aliveEvery)
            : throw new InvalidDataException("the leader's terms do not say how often it wants to hear something");
    }

    private static async Task<ReadOnlyMemory<byte>> ExpectAsync(
        FrameStream frames, FrameKind expected, int largest, CancellationToken cancellation)
    {
        (FrameKind kind, ReadOnlyMemory<byte> payload) = await frames.ReadAsync(largest, cancellation).ConfigureAwait(false);
        if (kind == FrameKind.Refuse)
            throw new WorkerRefusedException(new PayloadReader(payload).ReadText());
        return kind == expected ? payload : throw new InvalidDataException($"{kind} came where {expected} should have");
    }

    private static async Task RefuseAsync(FrameStream frames, string why, CancellationToken cancellation)
    {
        var writer = new PayloadWriter();
        writer.Write(why);
        await frames.WriteAsync(FrameKind.Refuse, writer.Payload, cancellation).ConfigureAwait(false);
    }

    private static void Write(PayloadWriter writer, ImmutableSortedDictionary<string, string> identity)
    {
        writer.Write(identity.Count);
        foreach ((string name, string value) in identity)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static Dictionary<string, string> Read(ReadOnlyMemory<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var identity = new Dictionary<string, string>();
        for (int rest = reader.ReadCount(FewestBytesEach); rest > 0; rest--)
        {
            string name = reader.ReadText();
            identity[name] = reader.ReadText();
        }

        reader.End();
        return identity;
    }
}
