namespace VptDsl.Weights.Hub;

/// <summary>
/// A repository in the hub's cache: contents under their hashes in <c>blobs</c>, a folder of links to them for each commit in
/// <c>snapshots</c>, which commit a revision is in <c>refs</c>, and what a commit is known not to have in <c>.no_exist</c>.
/// </summary>
internal sealed class HubCache(string root, HubReference reference)
{
    private readonly string _folder = Path.Combine(root, $"models--{reference.Owner}--{reference.Name}");

    private string Blobs => Path.Combine(_folder, "blobs");

    /// <summary>The commit that the revision was when it was last asked for; null where nobody knows.</summary>
    public string? KnownCommit()
    {
        if (IsCommit(reference.Revision))
            return reference.Revision;
        string file = RefOf(reference.Revision);
        return File.Exists(file) && File.ReadAllText(file).Trim() is var commit && IsCommit(commit) ? commit : null;
    }

    /// <summary>Notes which commit the revision is now.</summary>
    public void Remember(string commit)
    {
        if (IsCommit(reference.Revision) || KnownCommit() == commit)
            return;
        string file = RefOf(reference.Revision);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.Write(file, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(commit)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache may be there for reading alone. What is not there cannot be downloaded then, and says so itself.
        }
    }

    /// <summary>Whether somebody saw that a commit has no such file.</summary>
    public bool IsKnownAbsent(string commit, string file) => File.Exists(AbsenceOf(commit, file));

    /// <summary>Notes that a commit has no such file.</summary>
    public void RememberAbsent(string commit, string file)
    {
        string mark = AbsenceOf(commit, file);
        if (File.Exists(mark))
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(mark)!);
            File.Create(mark).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost but one question: the hub is asked again. A cache may be there for reading alone.
        }
    }

    /// <summary>The files of a commit that are there.</summary>
    public string[] FilesOf(string commit)
    {
        string folder = SnapshotOf(commit);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(File.Exists)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))]
            : [];
    }

    /// <summary>Where a file of a commit is.</summary>
    public string PathOf(string commit, string file) => Path.Combine([SnapshotOf(commit), .. file.Split('/')]);

    /// <summary>Where the content of a hash is, or comes.</summary>
    public string BlobOf(string hash)
    {
        Directory.CreateDirectory(Blobs);
        return Path.Combine(Blobs, hash);
    }

    /// <summary>The file that only one process holds while it downloads a content.</summary>
    public string LockOf(string hash)
    {
        string folder = Path.Combine(root, ".locks", Path.GetFileName(_folder));
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, hash + ".lock");
    }

    /// <summary>Lets a file of a commit be a content.</summary>
    public void Link(string commit, string file, string hash)
    {
        string path = PathOf(commit, file), folder = Path.GetDirectoryName(path)!;
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(folder);
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(folder, BlobOf(hash)));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // A system, or a disk, without links.
            File.Copy(BlobOf(hash), path, overwrite: true);
        }
    }

    /// <summary>Whether a text is the name of a commit.</summary>
    public static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    private string SnapshotOf(string commit) => Path.Combine(_folder, "snapshots", commit);

    private string AbsenceOf(string commit, string file) => Path.Combine([_folder, ".no_exist", commit, .. file.Split('/')]);

    private string RefOf(string revision) => Path.Combine([_folder, "refs", .. revision.Split('/')]);
}
