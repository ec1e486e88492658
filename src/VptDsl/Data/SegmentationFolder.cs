using VptDsl.Common;
using VptDsl.Data.Folders;

namespace VptDsl.Data;

/// <summary>
/// Reads images and their label maps from two folders of one layout, as ADE20K has them: <c>images/training/a.jpg</c> and
/// <c>annotations/training/a.png</c>, <c>images/validation/…</c> and <c>annotations/validation/…</c>.
/// </summary>
public static class SegmentationFolder
{
    /// <summary>The label that <see cref="SegmentationHeadAttribute"/> ignores unless told otherwise.</summary>
    public const int DefaultIgnoredLabel = 255;

    /// <summary>Reads a part of a set.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>annotations</c>.</param>
    /// <param name="part">The folder in both, for instance <c>training</c> or <c>validation</c>.</param>
    /// <param name="pipeline">
    /// What happens to each image. Label maps are cut and mirrored alike, and resized by taking the nearest label.
    /// </param>
    /// <param name="classNames">The name of each class; its position is the class's label.</param>
    /// <param name="zeroIsIgnored">
    /// ADE20K's convention: 0 is a pixel without a class, and classes count from 1. They become <paramref name="ignoredLabel"/> and classes
    /// from 0.
    /// </param>
    /// <param name="ignoredLabel">
    /// The label of pixels that do not count, in the files and for the model; no class's, and 255 unless stated.
    /// </param>
    /// <returns>The images, sorted by path (by code: capitals before small letters).</returns>
    /// <remarks>
    /// Label maps are PNG files of one grey level of 8 bits for each pixel. Images may lie at any depth, as those of
    /// <see cref="ImageFolder"/>;
    /// <see cref="SegmentationImages.PassedOver"/> counts what was not taken, label maps without an image among it.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="ignoredLabel"/> is the label of a class.</exception>
    /// <exception cref="ImageDataException">
    /// A folder is missing, empty or cannot be read, an image has no label map, or two share one.
    /// </exception>
    public static SegmentationImages Read(
        string root, string part, ImagePipeline pipeline, IReadOnlyList<string> classNames, bool zeroIsIgnored = false,
        int ignoredLabel = DefaultIgnoredLabel)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(pipeline);
        ClassList.Require(classNames, nameof(classNames));
        if (ignoredLabel >= 0 && ignoredLabel < classNames.Count)
        {
            throw new ArgumentException(
                $"The label {ignoredLabel} is that of the class {Quoted.Name(classNames[ignoredLabel])}: ignore one that is none, "
                    + $"{classNames.Count} or more, for instance {Math.Max(DefaultIgnoredLabel, classNames.Count)}.",
                nameof(ignoredLabel));
        }

        string images = Path.Combine(root, "images", part), annotations = Path.Combine(root, "annotations", part);
        foreach (string folder in new[] { images, annotations })
        {
            if (!Directory.Exists(folder))
            {
                throw new ImageDataException(
                    folder, "there is no such folder", "Put images and label maps into images/PART and annotations/PART.");
            }
        }

        ImageScan ofImages = new(images), ofMaps = new(annotations);
        string[] found = [.. ofImages.Run([images])[0]];
        if (found.Length == 0)
            throw new ImageDataException(images, "there are no images in it", "Put JPEG or PNG images there.");
        Dictionary<string, string> maps = MapsByName(annotations, ofMaps.Run([annotations])[0]);
        string[] names = [.. found.Select(image => NameOf(images, image))];
        AddUnfound(maps, images, found, annotations);
        RequireMaps(found, names, annotations, maps);
        foreach (string unused in maps.Keys.Except(names).Order(StringComparer.Ordinal))
            ofMaps.PassedOver.Add("label maps without an image", maps[unused]);
        return new SegmentationImages(
            found, [.. names.Select(name => maps[name])], pipeline, [.. classNames], zeroIsIgnored, ignoredLabel,
            [.. ofImages.PassedOver.All, .. ofMaps.PassedOver.All]);
    }

    /// <summary>What an image and its map have in common: the path from the folder, without the type, accents composed.</summary>
    private static string NameOf(string folder, string file) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Normalize();

    private static Dictionary<string, string> MapsByName(string folder, IEnumerable<string> files)
    {
        var maps = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (!maps.TryAdd(NameOf(folder, file), file))
            {
                throw new ImageDataException(
                    file, $"it is a label map for the same image as {maps[NameOf(folder, file)]}", "Take one out.");
            }
        }

        return maps;
    }

    /// <summary>
    /// Adds maps that lie where they should, but were passed over: where two links lead to one folder, or they are empty.
    /// </summary>
    private static void AddUnfound(Dictionary<string, string> maps, string images, IEnumerable<string> found, string annotations)
    {
        foreach (string image in found)
        {
            string map = Path.Combine(annotations, Path.ChangeExtension(Path.GetRelativePath(images, image), ".png"));
            if (File.Exists(map))
                maps.TryAdd(NameOf(images, image), map);
        }
    }

    private static void RequireMaps(string[] images, string[] names, string annotations, Dictionary<string, string> maps)
    {
        int[] missing = [.. Enumerable.Range(0, names.Length).Where(i => !maps.ContainsKey(names[i]))];
        if (missing.Length > 0)
        {
            string others = missing.Length == 1 ? "" : $"; {missing.Length} of {names.Length} images have none";
            throw new ImageDataException(
                images[missing[0]], $"it has no label map{others}",
                $"Put one at {Path.Combine(annotations, names[missing[0]])}.png, or take the image out.");
        }

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            if (!known.TryAdd(names[i], images[i]))
            {
                throw new ImageDataException(
                    images[i],
                    $"it has the label map of {known[names[i]]} too: their names differ only in type or in how accents are composed",
                    "Take one out.");
            }
        }
    }
}
