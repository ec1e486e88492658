using System.Collections.Immutable;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads image folders: each folder in the root is a class and holds its images, at any depth.</summary>
public static class ImageFolder
{
    private static readonly ImmutableArray<string> KnownTypes = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private static readonly ImmutableArray<string> OtherImageTypes =
        [".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".tga"];

    private static readonly EnumerationOptions AtAnyDepth = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };

    /// <summary>Reads a folder.</summary>
    /// <param name="root">The folder that holds one folder a class.</param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="classNames">
    /// The classes in the order of their labels, for instance those of the training set when this is its test set. Left out: the
    /// folders' names, sorted (by code, as Python sorts: capitals before small letters).
    /// </param>
    /// <returns>The images, class by class, sorted by path within each.</returns>
    /// <remarks>Hidden files, and files that are no images, are passed over.</remarks>
    /// <exception cref="ImageDataException">
    /// The folder is missing, has no classes or a class unknown or without images, or holds images of a type that is not read.
    /// </exception>
    public static PixelImages Read(string root, ImagePipeline pipeline, IReadOnlyList<string>? classNames = null)
    {
        if (!Directory.Exists(root))
            throw new ImageDataException(root, "there is no such folder", "Give the folder that holds one folder for each class.");

        string[] folders = [.. Directory.EnumerateDirectories(root, "*", new EnumerationOptions()).Select(folder => Path.GetFileName(folder))];
        Array.Sort(folders, StringComparer.Ordinal);
        if (folders.Length == 0)
        {
            throw new ImageDataException(
                root, "there are no folders in it", "Put the images of each class in a folder of its own, named after the class.");
        }

        classNames ??= folders;
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < classNames.Count; label++)
            labels.TryAdd(classNames[label], label);

        FileEntry[] entries = [.. folders.SelectMany(folder => ReadClass(root, folder, LabelOf(root, folder, labels)))];
        return new PixelImages(new FileStore(entries, [.. classNames]), pipeline);
    }

    private static int LabelOf(string root, string folder, Dictionary<string, int> labels) => labels.TryGetValue(folder, out int label)
        ? label
        : throw new ImageDataException(
            Path.Combine(root, folder), $"the folder's name is none of the {labels.Count} classes",
            "Rename it, take it out, or name its class.");

    private static IEnumerable<FileEntry> ReadClass(string root, string folder, int label)
    {
        string path = Path.Combine(root, folder);
        var images = new List<string>();
        foreach (string file in Directory.EnumerateFiles(path, "*", AtAnyDepth))
        {
            string type = Path.GetExtension(file).ToLowerInvariant();
            if (KnownTypes.Contains(type))
                images.Add(file);
            else if (OtherImageTypes.Contains(type))
                throw new ImageDataException(file, $"{type} images are not read", "Convert it to PNG or JPEG, or take it out.");
        }

        if (images.Count == 0)
            throw new ImageDataException(path, "there are no images in it", "Put the images of the class there, or take the folder out.");
        images.Sort(StringComparer.Ordinal);
        return images.Select(image => new FileEntry(image, label));
    }
}
