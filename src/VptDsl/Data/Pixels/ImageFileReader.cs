using System.Buffers;
using VptDsl.Common;

namespace VptDsl.Data.Pixels;

/// <summary>Reads and decodes image files, with errors that name the file and the list that names it.</summary>
internal static class ImageFileReader
{
    /// <summary>The largest file that is read: 256 MiB.</summary>
    public const int MaximumBytes = 1 << 28;

    /// <summary>Reads an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="list">The list that names it, if one does.</param>
    /// <param name="entry">Its line there.</param>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public static PixelImage Read(string path, string? list = null, int? entry = null)
    {
        byte[]? content = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            // A pipe does not say how long it is.
            if (!file.CanSeek)
                return Decode(EncodedStream.Read(file), path, list, entry);
            RequireLength(file.Length, path, list, entry);
            if (file.Length == 0 && SpecialFile.KindOf(path) is { } kind)
                throw Special(path, kind, list, entry);
            content = ArrayPool<byte>.Shared.Rent((int)file.Length);
            int length = file.ReadAtLeast(content.AsSpan(0, (int)file.Length), (int)file.Length, throwOnEndOfStream: false);
            return Decode(content.AsSpan(0, length), path, list, entry);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            throw Missing(path, list, entry, e);
        }
        catch (Exception e) when (e is (IOException and not ImageDataException) or UnauthorizedAccessException)
        {
            throw Unreadable(path, e, list, entry);
        }
        finally
        {
            if (content is not null)
                ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>Decodes an image that has been read.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="name">What messages call it: its path, if it has one.</param>
    /// <param name="list">The list that names it, if one does.</param>
    /// <param name="entry">Its line there.</param>
    /// <exception cref="ImageDataException">It is broken or too long.</exception>
    public static PixelImage Decode(ReadOnlySpan<byte> content, string name, string? list = null, int? entry = null)
    {
        RequireLength(content.Length, name, list, entry);
        return ImageDecoder.Decode(content, out string problem) ?? throw new ImageDataException(name, problem, Remedy(list), list, entry);
    }

    /// <summary>Requires a length that is read.</summary>
    /// <exception cref="ImageDataException">It is too long.</exception>
    public static void RequireLength(long bytes, string name, string? list = null, int? entry = null)
    {
        if (bytes > MaximumBytes)
            throw new ImageDataException(name, $"it has more than {MaximumBytes} bytes, the most that are read", Remedy(list), list, entry);
    }

    /// <summary>An image's size as its header says it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="upright">Whether it is turned as its camera's orientation says.</param>
    /// <exception cref="ImageDataException">The file is missing or no image.</exception>
    public static (int Width, int Height) SizeOf(string path, bool upright)
    {
        if (!File.Exists(path))
            throw Missing(path, list: null, entry: null);
        using var codec = SkiaSharp.SKCodec.Create(path);
        if (codec is null)
            throw new ImageDataException(path, "this is no image, or its header is damaged", Remedy(list: null));
        return upright && PixelImage.SwapsAxes(codec.EncodedOrigin)
            ? (codec.Info.Height, codec.Info.Width)
            : (codec.Info.Width, codec.Info.Height);
    }

    /// <summary>The error for a file that is not there.</summary>
    public static ImageDataException Missing(string path, string? list, int? entry, Exception? cause = null, string andOthers = "") =>
        Directory.Exists(path)
            ? Folder(path, list, entry, cause)
            : new ImageDataException(
                path,
                $"there is no such file{andOthers}",
                list is null
                    ? "Give the path of an image."
                    : "Put the images where the list says they are, give their folder, or take the line out.",
                list, entry, cause);

    private static ImageDataException Folder(string path, string? list, int? entry, Exception? cause) => new(
        path, "this is a folder, not an image",
        list is null ? "Give the path of an image in it." : "Name an image in it, or take the line out.",
        list, entry, cause);

    /// <summary>The error for a file that is there and cannot be read.</summary>
    public static ImageDataException Unreadable(string path, Exception cause, string? list = null, int? entry = null) => new(
        path, $"the file cannot be read ({cause.Message.TrimEnd('.')})", "Check that it is a file and may be read.", list, entry, cause);

    /// <summary>The error for what is no file and has no end, or none that anybody could wait for.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">What is there, see <see cref="SpecialFile"/>.</param>
    /// <param name="list">The list that names it, if one does.</param>
    /// <param name="entry">Its line there.</param>
    public static ImageDataException Special(string path, string kind, string? list = null, int? entry = null) =>
        new(path, $"this is {kind}, not an image", list is null ? "Take it out." : "Take the line out.", list, entry);

    /// <summary>The error for an image that a pipeline cannot work on.</summary>
    public static ImageDataException Unfit(string path, string? list, int? entry, InvalidDataException cause) => new(
        path, $"the pipeline does not fit this image: {cause.Message}",
        "Change the pipeline" + (list is null ? "." : ", or take the image out of the list."), list, entry, cause);

    private static string Remedy(string? list) =>
        "Fetch or export the image again" + (list is null ? "." : ", or take it out of the list.");
}
