using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Parallel;

/// <summary>What all workers of a run must have in common for their shards to have the same bits.</summary>
internal static class RunIdentity
{
    // Values that training starts from come from the leader.
    private const string Start = "start";

    /// <summary>The identity of a run as one worker has it.</summary>
    public static ImmutableSortedDictionary<string, string> Of(RunTerms terms) =>
        RunFingerprint.Of(terms.Program, terms.Train, terms.Validation, terms.Options)
            .Remove(Start)
            .Add("library", LibraryVersion.Text)
            .Add("arithmetic", terms.Program.Arithmetic);

    /// <summary>In what a worker's run is another than the leader's; null if it is the same.</summary>
    public static string? Difference(
        ImmutableSortedDictionary<string, string> leaders, IReadOnlyDictionary<string, string> workers)
    {
        string text = string.Join("; ", RunFingerprint.Differences(leaders, workers, "with the leader", "with the worker"));
        return text.Length > 0 ? text : null;
    }
}
