using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Common;
using VptDsl.Weights;

namespace VptDsl.Training.Checkpoints;

/// <summary>
/// Writes and checks checkpoint files: safetensors files whose header also has a hash of all that is in them.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>An option that a run does not use, or that files did not have when they were written.</summary>
    public const string Unset = "none";

    private const string FormatKey = "format";
    private const string Format = "vptdsl-checkpoint";
    private const string VersionKey = "version";
    private const int Version = 1;
    private const string StateKey = "state";
    private const string RunPrefix = "run: ";
    private const string StartAnew = "Delete the file to begin the run anew, or restore it from a copy.";

    /// <summary>Writes a checkpoint, atomically. The tensors' values are asked for twice.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, string> fingerprint, string state, IReadOnlyList<TensorToWrite> tensors)
    {
        var metadata = fingerprint.ToDictionary(pair => RunPrefix + pair.Key, pair => pair.Value);
        metadata[FormatKey] = Format;
        metadata[VersionKey] = Version.ToString(CultureInfo.InvariantCulture);
        metadata[StateKey] = state;
        ContentHash.Write(path, tensors, metadata);
    }

    /// <summary>Checks that a file is an undamaged checkpoint of a run.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fingerprint">The run's.</param>
    /// <returns>The state's text.</returns>
    /// <exception cref="WeightFileException">It is damaged, no checkpoint, or another run's.</exception>
    public static string Check(SafetensorsFile file, ImmutableSortedDictionary<string, string> fingerprint)
    {
        if (file.Metadata.GetValueOrDefault(FormatKey) != Format)
            throw new WeightFileException(file.Path, "this is not a checkpoint of a run", "Give the checkpoint a file of its own.");
        if (file.Metadata.GetValueOrDefault(VersionKey) != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new WeightFileException(
                file.Path,
                $"the checkpoint is of version {Quoted.Name(file.Metadata.GetValueOrDefault(VersionKey, ""))}, this library's is {Version}",
                "Finish the run with the version of VptDsl that wrote it, or delete the file to begin anew.");
        }

        if (ContentHash.Matches(file) is not true)
            throw Damaged(file.Path, "its content is not what was written");
        CheckRun(file, fingerprint);
        return file.Metadata.TryGetValue(StateKey, out string? state)
            ? state
            : throw Damaged(file.Path, "it does not say where the run stands");
    }

    /// <summary>What the run of a checkpoint is, by name.</summary>
    /// <exception cref="WeightFileException">It is damaged, or no checkpoint.</exception>
    public static IReadOnlyDictionary<string, string> RunOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Check(file, ImmutableSortedDictionary<string, string>.Empty);
        return file.Metadata.Where(pair => pair.Key.StartsWith(RunPrefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(pair => pair.Key[RunPrefix.Length..], pair => pair.Value, StringComparer.Ordinal);
    }

    /// <summary>The error for a checkpoint that cannot be trusted.</summary>
    public static WeightFileException Damaged(string path, string problem) =>
        new(path, $"the checkpoint is damaged: {problem}", StartAnew);

    private static void CheckRun(SafetensorsFile file, ImmutableSortedDictionary<string, string> fingerprint)
    {
        IReadOnlyList<string> differences = RunFingerprint.Differences(
            fingerprint, file.Metadata.Where(pair => pair.Key.StartsWith(RunPrefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[RunPrefix.Length..], pair => pair.Value), "here", "there");
        if (differences.Count > 0)
        {
            throw new WeightFileException(
                file.Path, $"the checkpoint belongs to another run; {string.Join("; ", differences)}",
                "Give each run a file of its own, or delete this one to begin anew.");
        }
    }
}
