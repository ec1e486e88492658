namespace VptDsl.Training.Parallel;

/// <summary>The results of a worker's orders of a round, whose memory the next round's take.</summary>
internal sealed class ResultPool
{
    private readonly List<ShardResult> _results = [];
    private long _round;
    private int _taken;

    /// <summary>The results of an order, to be filled in.</summary>
    public IReadOnlyList<ShardResult> Take(ShardOrder order)
    {
        if (_round != order.Round)
            _taken = 0;
        _round = order.Round;
        int first = _taken;
        _taken += order.Shards.Length;
        while (_results.Count < _taken)
            _results.Add(new ShardResult());
        for (int i = first; i < _taken; i++)
            _results[i].Clear(order.Shards[i - first]);
        return _results.GetRange(first, order.Shards.Length);
    }
}
