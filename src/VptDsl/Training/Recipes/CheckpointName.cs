namespace VptDsl.Training.Recipes;

/// <summary>The names of the checkpoints of a sweep's runs, which lie beside its results.</summary>
internal static class CheckpointName
{
    /// <summary>Of a run on one machine.</summary>
    public static string Of(string results, string run) => $"{results}.{run}.checkpoint";

    /// <summary>Of an attempt at a run, of which a cluster has several. Runs end with numbers, and are no attempts.</summary>
    /// <param name="results">The results file.</param>
    /// <param name="run">The name of the run.</param>
    /// <param name="attempt">The number, or <c>*</c> for any.</param>
    public static string OfAttempt(string results, string run, string attempt) => Of(results, $"{run}.attempt-{attempt}");
}
