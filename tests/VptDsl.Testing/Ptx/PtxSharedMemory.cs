namespace VptDsl.Testing.Ptx;

/// <summary>A group's shared memory, which knows who touched each word since the last barrier.</summary>
/// <remarks>
/// Between two barriers a word that one thread writes is no other thread's, lanes of the same warp included: PTX promises no order. A word
/// that a copy is under way to is nobody's until the thread that began the copy has waited for it, and others' after a barrier then.
/// </remarks>
internal sealed class PtxSharedMemory(int bytes)
{
    private const int Banks = 32;

    private readonly uint[] _words = new uint[(bytes + 3) / 4];
    private readonly bool[] _isSet = new bool[(bytes + 3) / 4], _isUnderWay = new bool[(bytes + 3) / 4];
    private readonly (int Thread, int Phase)[] _written = new (int, int)[(bytes + 3) / 4], _read = new (int, int)[(bytes + 3) / 4];
    private int _phase = 1;

    /// <summary>How many times more a bank was asked than had to be.</summary>
    public long Conflicts { get; private set; }

    public void Barrier() => _phase++;

    public uint Read(ulong address, int thread)
    {
        int at = Find(address);
        Refuse(at, thread, "reads", _isUnderWay[at] || !_isSet[at] || IsOfAnother(_written[at], thread));
        _read[at] = (_read[at].Phase == _phase && _read[at].Thread != thread ? -1 : thread, _phase);
        return _words[at];
    }

    public void Write(ulong address, uint value, int thread)
    {
        int at = Claim(address, thread);
        (_words[at], _isSet[at]) = (value, true);
    }

    /// <summary>Begins a copy to a word.</summary>
    public void Begin(ulong address, int thread) => _isUnderWay[Claim(address, thread)] = true;

    /// <summary>Ends a copy that its thread has waited for.</summary>
    public void End(ulong address, uint value, int thread)
    {
        int at = Find(address);
        (_words[at], _isSet[at], _isUnderWay[at], _written[at]) = (value, true, false, (thread, _phase));
    }

    /// <summary>Counts what banks are asked by lanes that read or write together.</summary>
    /// <param name="addresses">The address of each lane; null for a lane that does neither.</param>
    /// <param name="words">Words that each moves: as many lanes as move 128 bytes go together.</param>
    public void Count(ReadOnlySpan<ulong?> addresses, int words)
    {
        int together = Banks / words;
        Span<ulong> asked = stackalloc ulong[Banks];
        for (int first = 0; first < addresses.Length; first += together)
        {
            // Words of a bank that are not the same are asked one after the other.
            asked.Clear();
            List<ulong>? more = null;
            foreach (ulong? address in addresses.Slice(first, together))
            {
                for (int i = 0; address is not null && i < words; i++)
                {
                    ulong word = (address.Value / sizeof(uint)) + (ulong)i;
                    ref ulong known = ref asked[(int)(word % Banks)];
                    if (known != 0 && known != word && more?.Contains(word) != true)
                        (more ??= []).Add(word);
                    known = known == 0 ? word : known;
                }
            }

            Conflicts += more?.CountBy(word => word % Banks).Max(bank => bank.Value) ?? 0;
        }
    }

    private int Claim(ulong address, int thread)
    {
        int at = Find(address);
        bool isRead = _read[at].Phase == _phase && _read[at].Thread != thread;
        Refuse(at, thread, "writes", _isUnderWay[at] || isRead || IsOfAnother(_written[at], thread));
        _written[at] = (thread, _phase);
        return at;
    }

    private bool IsOfAnother((int Thread, int Phase) written, int thread) => written.Phase == _phase && written.Thread != thread;

    private void Refuse(int word, int thread, string does, bool isWrong)
    {
        if (isWrong)
        {
            string why = _isUnderWay[word] ? "to which a copy is under way"
                : does == "reads" && !_isSet[word] ? "which nobody has written"
                : "which another thread touches with no barrier between";
            throw new PtxFaultException($"Thread {thread} {does} word {word} of shared memory, {why}.");
        }
    }

    private int Find(ulong address)
    {
        ulong offset = unchecked(address - (ulong)PtxProgram.SharedAddress);
        return offset % 4 == 0 && offset < (ulong)bytes
            ? (int)(offset / 4)
            : throw new PtxFaultException($"{unchecked((long)offset)} bytes into shared memory of {bytes} there is no word.");
    }
}
