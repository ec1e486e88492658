using System.Collections.Immutable;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Folders;

/// <summary>Finds the images in folders, at any depth and in each real folder once, and counts what it passes over.</summary>
internal sealed class ImageScan
{
    private static readonly ImmutableArray<string> KnownTypes = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    private static readonly ImmutableArray<string> OtherImageTypes =
        [".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".tga"];

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _realRoot;

    /// <summary>Prepares to scan folders of a root.</summary>
    public ImageScan(string root)
    {
        _realRoot = RealPath.Of(root);
        PassedOver = new PassedOverCount(root);
    }

    /// <summary>What was passed over so far.</summary>
    public PassedOverCount PassedOver { get; }

    /// <summary>Whether a name has bytes that are no UTF-8: such a file cannot be opened by its name.</summary>
    public static bool HasLostBytes(string path) =>
        Path.GetFileName(path).Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);

    /// <summary>The images in folders, those of each by path. A folder that several links lead to counts where it lies.</summary>
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
            images.Sort(StringComparer.Ordinal);
        return found;
    }

    private void Enter(string folder, List<string> found, Queue<(string Folder, List<string> Found)> links)
    {
        string real = RealPath.Of(folder);
        bool isAbove = (_realRoot + Path.DirectorySeparatorChar).StartsWith(real + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (isAbove || !_read.Add(real))
        {
            PassedOver.Add("links to folders that are read already", folder);
            return;
        }

        var inner = new List<string>();
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything))
        {
            if (HasLostBytes(entry.FullName))
                PassedOver.Add("names that are not UTF-8", Path.Combine(folder, entry.Name));
            else if (entry.Name.StartsWith('.') || (entry.Attributes & FileAttributes.Hidden) != 0)
                PassedOver.Add("hidden files and folders", Path.Combine(folder, entry.Name));
            else if (Directory.Exists(entry.FullName))
                inner.Add(Path.Combine(folder, entry.Name));
            else if (entry.LinkTarget is not null && LeadsNowhere(entry))
                PassedOver.Add("links to nothing", Path.Combine(folder, entry.Name));
            else if (IsImage(Path.Combine(folder, entry.Name)))
                found.Add(Path.Combine(folder, entry.Name));
            else
                PassedOver.Add("files that are no images", Path.Combine(folder, entry.Name));
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

    // File.Exists is true of a link itself.
    private static bool LeadsNowhere(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsImage(string path)
    {
        string type = Path.GetExtension(path).ToLowerInvariant();
        if (KnownTypes.Contains(type))
            return true;
        if (OtherImageTypes.Contains(type))
            throw new ImageDataException(path, $"{type} images are not read", "Convert it to PNG or JPEG, or take it out.");
        try
        {
            Span<byte> start = stackalloc byte[FileSignature.Length];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return file.CanSeek && FileSignature.IsReadable(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
