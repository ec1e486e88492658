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
    /// Folders named as the parts of a set (train, test) are taken as classes where <paramref name="classNames"/> has their names.
    /// <see cref="PixelImages.PassedOver"/> counts what was not taken.
    /// </remarks>
    /// <exception cref="ArgumentException">A class has no name, or two have the same.</exception>
    /// <exception cref="ImageDataException">
    /// The folder is missing or cannot be read, has no classes, a class unknown, without images or in two folders, or parts of a set
    /// (train, test) in place of classes, or holds images of a type that is not read.
    /// </exception>
    public static PixelImages Read(string root, ImagePipeline pipeline, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.RequireDistinct(classNames, nameof(classNames));
        if (!Directory.Exists(root))
            throw new ImageDataException(root, "there is no such folder", "Give the folder that holds one folder for each class.");

        var scan = new ImageScan(root);
        string[] folders = scan.Folders();
        if (folders.Length == 0)
        {
            throw new ImageDataException(
                root, "there are no folders in it", "Put the images of each class in a folder of its own, named after the class.");
        }

        if (folders.FirstOrDefault(folder => ImageScan.HasLostBytes(Path.Combine(root, folder))) is { } lost)
            throw new ImageDataException(Path.Combine(root, lost), "the folder's name is not UTF-8", "Rename it.");
        string[] names = [.. folders.Select(folder => folder.Normalize())];
        RequireDistinct(root, folders, names);
        RequireClasses(root, folders, names, classNames);
        classNames ??= [.. names.Order(StringComparer.Ordinal)];
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < classNames.Count; label++)
            labels.Add(classNames[label].Normalize(), label);

        int[] labelOf = [.. folders.Select((folder, i) => labels.TryGetValue(names[i], out int label)
            ? label
            : throw new ImageDataException(
                Path.Combine(root, folder), $"the folder's name is none of the {ClassText.Of(classNames)}",
                "Rename it, take it out, or name its class."))];
        List<string>[] images = scan.Run([.. folders.Select(folder => Path.Combine(root, folder))]);
        for (int i = 0; i < folders.Length; i++)
            RequireImages(Path.Combine(root, folders[i]), images[i]);
        FileEntry[] entries = [.. images.SelectMany((files, i) => files.Select(file => new FileEntry(file, labelOf[i])))];
        return new PixelImages(new FileStore(entries, [.. classNames], scan.PassedOver.All), pipeline);
    }

    private static void RequireDistinct(string root, string[] folders, string[] names)
    {
        int twin = Array.FindIndex(names, name => names.Count(other => other == name) > 1);
        if (twin >= 0)
        {
            string other = folders[Array.LastIndexOf(names, names[twin])];
            throw new ImageDataException(
                root, $"its folders {folders[twin]} and {other} are one class: their names differ only in how accents are composed",
                "Put their images into one of them.");
        }
    }

    private static void RequireClasses(string root, string[] folders, string[] names, IReadOnlyList<string>? classNames)
    {
        HashSet<string> known = [.. (classNames ?? []).Select(name => name.Normalize())];
        string[] parts = [.. folders.Where((_, i) => PartsOfSets.Contains(names[i].ToLowerInvariant()) && !known.Contains(names[i]))];
        bool haveClasses = parts.Length == folders.Length && parts.All(part => HoldsFolders(Path.Combine(root, part)));
        if (parts.Length > 1 || haveClasses && parts.Length > 0)
        {
            string example = parts.FirstOrDefault(part => part.StartsWith("tr", StringComparison.OrdinalIgnoreCase)) ?? parts[0];
            throw new ImageDataException(
                root, $"its folders {string.Join(", ", parts)} are parts of a data set, not classes",
                $"Give one of them, for instance {Path.Combine(root, example)}. If they are classes, name them (classNames).");
        }
    }

    private static bool HoldsFolders(string folder) => Directory.EnumerateDirectories(folder, "*", new EnumerationOptions()).Any();

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
