using VptDsl.Common;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Folders;

/// <summary>Finds the images in folders, at any depth and in each real folder once, and counts what it passes over.</summary>
internal sealed class ImageScan
{
    private const string Hidden = "hidden files and folders", DeadLinks = "links to nothing";

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _root;
    private readonly string _realRoot;
    private readonly Func<string, IEnumerable<FileSystemInfo>> _list;

    /// <summary>Prepares to scan folders of a root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="list">Lists a folder; the file system's own way unless tests need another.</param>
    public ImageScan(string root, Func<string, IEnumerable<FileSystemInfo>>? list = null)
    {
        _root = root;
        _realRoot = RealPath.Of(root);
        _list = list ?? (folder => new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything));
        PassedOver = new PassedOverCount(root);
    }

    /// <summary>What was passed over so far.</summary>
    public PassedOverCount PassedOver { get; }

    /// <summary>Whether a name has bytes that are no UTF-8: such a file cannot be opened by its name.</summary>
    public static bool HasLostBytes(string path) =>
        Path.GetFileName(path).Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);

    /// <summary>The names of the folders in the root, by code; images beside them are passed over.</summary>
    /// <exception cref="ImageDataException">The root cannot be read.</exception>
    public string[] Folders()
    {
        var names = new List<string>();
        _read.Add(_realRoot);
        foreach (FileSystemInfo entry in EntriesOf(_root))
        {
            string path = Path.Combine(_root, entry.Name);
            bool isFolder = entry is DirectoryInfo;
            // A name that no path leads to has no attributes either.
            if (isFolder && IsHidden(entry) && !HasLostBytes(path))
                PassedOver.Add(Hidden, path);
            else if (isFolder)
                names.Add(entry.Name);
            else if (FileAt(entry) is not { } file)
                PassedOver.Add(DeadLinks, path);
            else if (!IsHidden(entry) && file.Length > 0 && (HasKnownType(path) || BeginsAsImage(file)))
                PassedOver.Add("images beside the classes' folders", path);
        }

        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    /// <summary>The images in folders, those of each by path. A folder that several links lead to counts where it lies.</summary>
    /// <exception cref="ImageDataException">
    /// A folder cannot be read, or has an image of a type that is not read, or a pipe, a socket or a device.
    /// </exception>
    public List<string>[] Run(IReadOnlyList<string> folders)
    {
        List<string>[] found = [.. folders.Select(_ => new List<string>())];
        var links = new Queue<(string Folder, List<string> Found)>();
        foreach (bool isLink in new[] { false, true })
        {
            for (int i = 0; i < folders.Count; i++)
            {
                if (new DirectoryInfo(folders[i]).LinkTarget is not null == isLink)
                    Enter(folders[i], found[i], links);
            }
        }

        while (links.TryDequeue(out (string Folder, List<string> Found) link))
            Enter(link.Folder, link.Found, links);
        foreach (List<string> images in found)
            images.Sort((one, other) => CompareByPath(one, other, Path.DirectorySeparatorChar));
        return found;
    }

    /// <summary>
    /// Compares paths by code, folders parted by a slash whatever the system has: a set then has one order on all, and a seed one split.
    /// </summary>
    internal static int CompareByPath(string one, string other, char separator) =>
        string.CompareOrdinal(one.Replace(separator, '/'), other.Replace(separator, '/'));

    private void Enter(string folder, List<string> found, Queue<(string Folder, List<string> Found)> links)
    {
        string real = RealPath.Of(folder);
        bool isAbove = real != _realRoot
            && (_realRoot + Path.DirectorySeparatorChar).StartsWith(real + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (isAbove || !_read.Add(real))
        {
            PassedOver.Add("links to folders that are read already", folder);
            return;
        }

        var inner = new List<string>();
        foreach (FileSystemInfo entry in EntriesOf(folder))
        {
            string path = Path.Combine(folder, entry.Name);
            if (HasLostBytes(entry.FullName))
                PassedOver.Add("names that are not UTF-8", path);
            else if (IsHidden(entry))
                PassedOver.Add(Hidden, path);
            else if (Directory.Exists(entry.FullName))
                inner.Add(path);
            else if (FileAt(entry) is { } file)
                Enter(path, file, found);
            else
                PassedOver.Add(DeadLinks, path);
        }

        inner.Sort(StringComparer.Ordinal);
        foreach (string path in inner)
        {
            if (new DirectoryInfo(path).LinkTarget is null)
                Enter(path, found, links);
            else
                links.Enqueue((path, found));
        }
    }

    private void Enter(string path, FileInfo file, List<string> found)
    {
        RequireReadableType(path);
        if (SpecialFile.KindOf(file.FullName) is { } kind)
            throw ImageFileReader.Special(path, kind);
        if (file.Length == 0)
            PassedOver.Add("empty files", path);
        else if (HasKnownType(path) || BeginsAsImage(file))
            found.Add(path);
        else
            PassedOver.Add("files that are no images", path);
    }

    private IReadOnlyList<FileSystemInfo> EntriesOf(string folder)
    {
        try
        {
            return [.. _list(folder)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageDataException(
                folder, $"the folder cannot be read ({e.Message.TrimEnd('.')})", "Allow it to be read, or take it out.", innerException: e);
        }
    }

    private static bool IsHidden(FileSystemInfo entry) =>
        entry.Name.StartsWith('.') || (entry.Attributes & FileAttributes.Hidden) != 0;

    /// <summary>The file that an entry is or leads to; null where it leads nowhere. (File.Exists is true of a link itself.)</summary>
    private static FileInfo? FileAt(FileSystemInfo entry)
    {
        try
        {
            FileSystemInfo? end = entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true);
            return end is { Exists: true } ? new FileInfo(end.FullName) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void RequireReadableType(string path)
    {
        string ending = ImageEndings.Of(path);
        if (ImageEndings.IsOfOthers(ending))
            throw new ImageDataException(path, $"{ending} images are not read", "Convert it to PNG or JPEG, or take it out.");
    }

    private static bool HasKnownType(string path) => ImageEndings.IsRead(ImageEndings.Of(path));

    /// <summary>
    /// Looks at a file's first bytes. It must have some: to open a pipe, which has none, is to wait for whoever writes to it.
    /// </summary>
    private static bool BeginsAsImage(FileInfo path)
    {
        try
        {
            Span<byte> start = stackalloc byte[FileSignature.Length];
            using var file = new FileStream(path.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return file.CanSeek && FileSignature.IsReadable(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
