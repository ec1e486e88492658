namespace Samples;

/// <summary>Files that are whole or not there at all, so that a program that was killed leaves no half of one.</summary>
internal static class Files
{
    /// <summary>Writes beside the place, then moves the file there.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(path + ".tmp", content);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
