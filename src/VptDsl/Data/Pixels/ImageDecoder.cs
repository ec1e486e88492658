using SkiaSharp;

namespace VptDsl.Data.Pixels;

/// <summary>Decodes JPEG, PNG, WebP, BMP and GIF (its first frame) to the bytes that Pillow's <c>convert("RGB")</c> gives.</summary>
/// <remarks>
/// As there, transparency is dropped, and colour profiles and the camera's orientation are ignored: what a backbone was trained on was
/// read that way. The one exception is PNG with 16 bits a channel, which Pillow clips and this rounds to 8.
/// </remarks>
internal static class ImageDecoder
{
    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="problem">What is wrong with it, without a full stop; empty if all is well.</param>
    /// <returns>The image, or null if it cannot be used.</returns>
    public static unsafe PixelImage? Decode(ReadOnlySpan<byte> encoded, out string problem)
    {
        if (encoded.IsEmpty)
        {
            problem = "the file is empty";
            return null;
        }

        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec? codec = SKCodec.Create(data);
            problem = codec is null ? NotAnImage(encoded) : ProblemOf(codec);
            return problem.Length > 0 ? null : Decode(codec!, out problem);
        }
    }

    private static unsafe PixelImage? Decode(SKCodec codec, out string problem)
    {
        // Without a colour space in the target nothing is converted: the numbers of the file come out.
        var target = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var image = new PixelImage(target.Width, target.Height);
        SKCodecResult result;
        fixed (byte* pixels = image.Bytes)
            result = codec.GetPixels(target, (nint)pixels);
        problem = result switch
        {
            SKCodecResult.Success => "",
            SKCodecResult.IncompleteInput => "the image is cut off",
            _ => $"the {codec.EncodedFormat} image is damaged ({result})",
        };
        if (problem.Length == 0)
            return image;

        image.Dispose();
        return null;
    }

    private static string ProblemOf(SKCodec codec)
    {
        if (codec.EncodedFormat is not (
            SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Bmp
            or SKEncodedImageFormat.Gif))
        {
            return $"{codec.EncodedFormat} images are not read";
        }

        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        return width < 1 || height < 1 || (long)width * height > PixelImage.MaximumPixels
            ? $"its header claims {width}×{height} pixels; 1 to {PixelImage.MaximumPixels} are read"
            : "";
    }

    private static string NotAnImage(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith("version https://git-lfs"u8))
            return "this is a Git LFS pointer, not the image itself";
        if (encoded.TrimStart(" \t\r\n"u8) is [(byte)'<', ..])
            return "this is a web page or XML, not an image";
        return "this is no JPEG, PNG or WebP image, or its header is damaged";
    }
}
