using System.Collections.Immutable;
using VptDsl.Data.Folders;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads image folders: each folder in the root is a class and holds its images, at any depth.</summary>
public static class ImageFolder
{
    private static readonly ImmutableArray<string> PartsOfSets =
        ["train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval"];

    /// <summary>Reads a folder.</summary>
    /// <param name="root">The folder that holds one folder a class.</param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="classNames">
    /// The classes in the order of their labels, for instance those of the training set when this is its test set. Left out: the
    /// folders' names, sorted (by code, as Python sorts: capitals before small letters). Accented letters are the same however they are
    /// composed (Unicode's NFC).
    /// </param>
    /// <returns>The images, class by class, sorted by path within each.</returns>
    /// <remarks>
    /// An image is told by its name's end or, if that says nothing, by its first bytes. Links are followed, but each folder is read once.
    /// <see cref="PixelImages.PassedOver"/> counts what was not taken.
    /// </remarks>
    /// <exception cref="ImageDataException">
    /// The folder is missing, has no classes, a class unknown or without images, or parts of a set (train, test) in place of classes, or
    /// holds images of a type that is not read.
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

        if (folders.FirstOrDefault(folder => ImageScan.HasLostBytes(Path.Combine(root, folder))) is { } lost)
            throw new ImageDataException(Path.Combine(root, lost), "the folder's name is not UTF-8", "Rename it.");
        string[] names = [.. folders.Select(folder => folder.Normalize())];
        RequireClasses(root, folders, names, classNames);
        classNames ??= [.. names.Distinct().Order(StringComparer.Ordinal)];
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < classNames.Count; label++)
            labels.TryAdd(classNames[label].Normalize(), label);

        int[] labelOf = [.. folders.Select((folder, i) => LabelOf(root, folder, names[i], labels))];
        var scan = new ImageScan(root);
        List<string>[] images = scan.Run([.. folders.Select(folder => Path.Combine(root, folder))]);
        for (int i = 0; i < folders.Length; i++)
            RequireImages(Path.Combine(root, folders[i]), images[i]);
        FileEntry[] entries = [.. images.SelectMany((files, i) => files.Select(file => new FileEntry(file, labelOf[i])))];
        return new PixelImages(new FileStore(entries, [.. classNames], scan.PassedOver.All), pipeline);
    }

    private static int LabelOf(string root, string folder, string name, Dictionary<string, int> labels) => labels.TryGetValue(name, out int label)
        ? label
        : throw new ImageDataException(
            Path.Combine(root, folder), $"the folder's name is none of the {labels.Count} classes",
            "Rename it, take it out, or name its class.");

    private static void RequireClasses(string root, string[] folders, string[] names, IReadOnlyList<string>? classNames)
    {
        string[] parts = [.. folders.Where((_, i) =>
            PartsOfSets.Contains(names[i].ToLowerInvariant()) && classNames?.Contains(names[i]) != true)];
        bool haveClasses = parts.Length == folders.Length && parts.All(part => Directory.EnumerateDirectories(Path.Combine(root, part)).Any());
        if (parts.Length > 1 || haveClasses && parts.Length > 0)
        {
            string example = parts.FirstOrDefault(part => part.StartsWith("tr", StringComparison.OrdinalIgnoreCase)) ?? parts[0];
            throw new ImageDataException(
                root, $"its folders {string.Join(", ", parts)} are parts of a data set, not classes",
                $"Give one of them, for instance {Path.Combine(root, example)}.");
        }
    }

    private static void RequireImages(string folder, List<string> images)
    {
        if (images.Count > 0)
            return;
        bool isLink = new DirectoryInfo(folder).LinkTarget is not null;
        throw new ImageDataException(
            folder, "there are no images in it" + (isLink ? " that are not read elsewhere: it is a link" : ""),
            "Put the images of the class there, or take the folder out.");
    }
}
