namespace VptDsl.Testing;

/// <summary>The two files of a snapshot.</summary>
/// <param name="Verified">Reviewed and committed.</param>
/// <param name="Received">What the last failing run produced; ignored by git.</param>
internal sealed record SnapshotFile(string Verified, string Received)
{
    public static SnapshotFile Of(string testFile, string testMethod, string hint, string extension)
    {
        string folder = Path.GetDirectoryName(testFile)
            ?? throw new ArgumentException($"'{testFile}' lies in no folder; call Snapshot.Match from a test.", nameof(testFile));
        string name = $"{Path.GetFileNameWithoutExtension(testFile)}.{testMethod}" + (hint.Length == 0 ? "" : "." + hint);
        return new SnapshotFile(
            Path.Combine(folder, $"{name}.verified.{extension}"),
            Path.Combine(folder, $"{name}.received.{extension}"));
    }
}
