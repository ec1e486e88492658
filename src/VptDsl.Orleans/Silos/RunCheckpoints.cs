using System.Globalization;
using VptDsl.Training;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Orleans.Silos;

/// <summary>
/// The checkpoints of a run, in a folder that all silos see. Each attempt has a file of its own: a silo that was given up, but is alive and
/// still writes, disturbs nobody.
/// </summary>
/// <param name="results">The results file of the sweep.</param>
/// <param name="run">The name of the run.</param>
internal sealed class RunCheckpoints(string results, string run)
{
    /// <summary>The checkpoint of an attempt, which goes on from where the last one was saved.</summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="everySteps">Steps between two saves.</param>
    public Checkpoint Open(int attempt, int everySteps)
    {
        string path = PathOf(attempt);
        // Not by their numbers: those begin anew where a cluster has lost its store.
        string? last = All().MaxBy(File.GetLastWriteTimeUtc);
        if (last is not null && last != path)
        {
            using FileStream saved = File.OpenRead(last);
            AtomicFile.Write(path, saved.CopyTo);
        }

        return new Checkpoint(path) { EverySteps = everySteps };
    }

    /// <summary>Deletes what attempts have left, as far as nobody uses it and that is possible.</summary>
    /// <param name="attempts">How many there were.</param>
    /// <param name="kept">The attempt whose checkpoint somebody goes on from; null if none.</param>
    public void Clear(int attempts, int? kept)
    {
        foreach (int attempt in Enumerable.Range(1, attempts).Where(attempt => attempt != kept))
            Delete(attempt);
    }

    /// <summary>Deletes what an attempt has left, as far as nobody uses it and that is possible.</summary>
    public void Delete(int attempt)
    {
        AtomicFile.Delete(PathOf(attempt));
        AtomicFile.Delete(RunLock.FileOf(PathOf(attempt)));
    }

    /// <summary>Deletes what all attempts have saved, those under way included: they save again.</summary>
    public void DeleteAll()
    {
        foreach (string path in All())
            AtomicFile.Delete(path);
    }

    private IEnumerable<string> All() => Directory.EnumerateFiles(
        Path.GetDirectoryName(results)!, CheckpointName.OfAttempt(Path.GetFileName(results), run, "*"));

    private string PathOf(int attempt) =>
        CheckpointName.OfAttempt(results, run, attempt.ToString(CultureInfo.InvariantCulture));
}
