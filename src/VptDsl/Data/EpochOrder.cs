namespace VptDsl.Data;

/// <summary>The order in which an epoch visits the images of a set.</summary>
internal sealed class EpochOrder(int count, long seed)
{
    private const long Purpose = 0x6F72646572;
    private readonly int[] _order = new int[count];

    /// <summary>Puts images into another order, in place.</summary>
    public delegate void Arrangement(Span<int> order);

    /// <summary>The order that was drawn last.</summary>
    public ReadOnlySpan<int> Current => _order;

    /// <summary>The order of an epoch. It depends on the seed and the epoch only, so that a run can start again at any epoch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="arrange">Rearranges the shuffled order; left out, it stays.</param>
    public ReadOnlySpan<int> Shuffle(int epoch, Arrangement? arrange = null)
    {
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        new RandomStream(seed, Purpose, epoch).Shuffle<int>(_order);
        arrange?.Invoke(_order);
        return _order;
    }
}
