namespace VptDsl.Data;

/// <summary>
/// Reads images and their label maps from two folders of one layout, as ADE20K has them: <c>images/training/a.jpg</c> and
/// <c>annotations/training/a.png</c>, <c>images/validation/…</c> and <c>annotations/validation/…</c>.
/// </summary>
public static class SegmentationFolder
{
    /// <summary>The label that <see cref="SegmentationHeadAttribute"/> ignores unless told otherwise.</summary>
    public const int DefaultIgnoredLabel = 255;

    private static readonly string[] ImageTypes = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

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
    /// <param name="ignoredLabel">The label of pixels that do not count, in the files and for the model; 255 unless stated.</param>
    /// <returns>The images, sorted by path (by code: capitals before small letters).</returns>
    /// <remarks>Label maps are PNG files of one grey level of 8 bits for each pixel. Hidden files, and files that are no images, are passed over.</remarks>
    /// <exception cref="ImageDataException">A folder is missing or empty, or an image has no label map.</exception>
    public static SegmentationImages Read(
        string root, string part, ImagePipeline pipeline, IReadOnlyList<string> classNames, bool zeroIsIgnored = false,
        int ignoredLabel = DefaultIgnoredLabel)
    {
        string images = Path.Combine(root, "images", part), annotations = Path.Combine(root, "annotations", part);
        foreach (string folder in new[] { images, annotations })
        {
            if (!Directory.Exists(folder))
                throw new ImageDataException(folder, "there is no such folder", "Put images and label maps into images/PART and annotations/PART.");
        }

        var atAnyDepth = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
        string[] found = [.. Directory.EnumerateFiles(images, "*", atAnyDepth).Where(f => ImageTypes.Contains(Path.GetExtension(f).ToLowerInvariant()))];
        if (found.Length == 0)
            throw new ImageDataException(images, "there are no images in it", "Put JPEG or PNG images there.");
        Array.Sort(found, StringComparer.Ordinal);
        string[] maps = [.. found.Select(image => Path.Combine(annotations, Path.ChangeExtension(Path.GetRelativePath(images, image), ".png")))];
        int[] missing = [.. Enumerable.Range(0, maps.Length).Where(i => !File.Exists(maps[i]))];
        if (missing.Length > 0)
        {
            string others = missing.Length == 1 ? "" : $"; {missing.Length} of {maps.Length} images have none";
            throw new ImageDataException(
                found[missing[0]], $"it has no label map{others}", $"Put one at {maps[missing[0]]}, or take the image out.");
        }

        return new SegmentationImages(found, maps, pipeline, [.. classNames], zeroIsIgnored, ignoredLabel);
    }
}
