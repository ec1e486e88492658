namespace VptDsl.Testing.Ptx;

/// <summary>A group of threads that share memory.</summary>
internal sealed class PtxGroup
{
    private readonly PtxWarp[] _warps;

    public PtxGroup(PtxProgram program, PtxGlobalMemory global, IReadOnlyList<ulong> arguments, int threads, int number, PtxPlace place)
    {
        (Program, Global, Arguments, Threads, Number, Place) = (program, global, arguments, threads, number, place);
        Shared = new(program.SharedBytes);
        _warps = [.. Enumerable.Range(0, threads / 32).Select(warp => new PtxWarp(this, 32 * warp))];
    }

    public PtxProgram Program { get; }

    public PtxGlobalMemory Global { get; }

    public PtxSharedMemory Shared { get; }

    public IReadOnlyList<ulong> Arguments { get; }

    public int Threads { get; }

    public int Number { get; }

    public PtxPlace Place { get; }

    public void Run()
    {
        while (true)
        {
            foreach (PtxWarp warp in _warps)
                warp.Run();
            if (_warps.All(warp => warp.IsDone))
                return;
            if (_warps.Any(warp => warp.IsDone))
                throw new PtxFaultException("Some warps wait at a barrier, and others have ended.");
            Shared.Barrier();
        }
    }
}

/// <summary>A group's place in the grid.</summary>
internal sealed record PtxPlace(int X, int Y, int Z);
