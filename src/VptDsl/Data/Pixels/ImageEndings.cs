using System.Collections.Immutable;

namespace VptDsl.Data.Pixels;

/// <summary>What names of image files end in.</summary>
internal static class ImageEndings
{
    private static readonly ImmutableArray<string> Read = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    private static readonly ImmutableArray<string> NotRead =
        [".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".tga"];

    /// <summary>Whether names with an ending are those of images that are read.</summary>
    public static bool IsRead(string ending) => Read.Contains(ending);

    /// <summary>Whether names with an ending are those of images in formats that are not read.</summary>
    public static bool IsOfOthers(string ending) => NotRead.Contains(ending);

    /// <summary>A name's ending, the point with it, in small letters.</summary>
    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant();
}
