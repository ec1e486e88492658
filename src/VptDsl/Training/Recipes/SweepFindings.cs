namespace VptDsl.Training.Recipes;

/// <summary>What a sweep has found so far.</summary>
internal sealed class SweepFindings
{
    private readonly Dictionary<string, SweepLine> _lines = [];

    /// <summary>The results as lines, in no order.</summary>
    public IEnumerable<string> Lines => _lines.Values.Select(line => line.ToString());

    /// <summary>Notes a result. The first of a run counts, and any other is the same.</summary>
    public void Add(SweepLine line)
    {
        if (line.Key is { } key)
            _lines.TryAdd(key, line);
    }

    /// <summary>Whether a run has ended.</summary>
    public bool Has(SweepRun run) => _lines.ContainsKey(run.Key);

    /// <summary>The result of a run; null if it was not made yet.</summary>
    public SweepLine? Find(SweepRun run) => Find(run.Key);

    /// <summary>The result of a run by its key; null if it was not made yet.</summary>
    public SweepLine? Find(string key) => _lines.GetValueOrDefault(key);
}
