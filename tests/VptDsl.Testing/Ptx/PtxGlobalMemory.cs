namespace VptDsl.Testing.Ptx;

/// <summary>Floats in global memory that a launch may read and write.</summary>
/// <remarks>
/// What lies beside the matrices is an error to touch, and so is what another thread of the launch has written: nothing orders the two.
/// </remarks>
public sealed class PtxGlobalMemory
{
    /// <summary>The address of the first float: none that an offset could be taken for.</summary>
    public const ulong Address = 1UL << 40;

    private readonly float[] _floats;
    private readonly bool[] _isThere;
    private readonly int[] _writers, _readers;

    /// <param name="floats">The memory, which launches change.</param>
    /// <param name="isThere">Which of it belongs to a matrix.</param>
    public PtxGlobalMemory(float[] floats, bool[] isThere)
    {
        ArgumentNullException.ThrowIfNull(floats);
        ArgumentNullException.ThrowIfNull(isThere);
        (_floats, _isThere) = (floats, isThere);
        _writers = new int[floats.Length];
        _readers = new int[floats.Length];
    }

    internal uint Read(ulong address, int thread)
    {
        int at = Find(address);
        if (_writers[at] != 0 && _writers[at] != thread + 1)
            throw new PtxFaultException($"Thread {thread} reads float {at} of global memory, which thread {_writers[at] - 1} writes.");
        _readers[at] = _readers[at] == 0 || _readers[at] == thread + 1 ? thread + 1 : -1;
        return PtxArithmetic.Bits(_floats[at]);
    }

    internal void Write(ulong address, uint value, int thread)
    {
        int at = Find(address);
        if ((_writers[at] != 0 && _writers[at] != thread + 1) || (_readers[at] != 0 && _readers[at] != thread + 1))
            throw new PtxFaultException($"Thread {thread} writes float {at} of global memory, which another thread reads or writes.");
        _writers[at] = thread + 1;
        _floats[at] = PtxArithmetic.Float(value);
    }

    private int Find(ulong address)
    {
        ulong bytes = unchecked(address - Address);
        if (bytes % sizeof(float) != 0 || bytes / sizeof(float) >= (ulong)_floats.Length || !_isThere[bytes / sizeof(float)])
            throw new PtxFaultException($"{unchecked((long)bytes)} bytes into global memory there is no float of a matrix.");
        return (int)(bytes / sizeof(float));
    }
}
