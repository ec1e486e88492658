using SkiaSharp;

namespace VptDsl.Data.Pixels;

/// <summary>Decodes JPEG, PNG, WebP, BMP and GIF (its first frame) to the bytes that Pillow's <c>convert("RGB")</c> gives.</summary>
/// <remarks>
/// As there, transparency is dropped, and colour profiles and the camera's orientation (which is noted) are ignored: what a backbone was
/// trained on was read that way. A transparent entry of a palette has the palette's colour. The one exception is PNG with 16 bits a
/// channel, which Pillow clips and this brings to 8; where nothing would be left of it but shades of black, it is refused, unless it is
/// black or says itself that its 16 bits all count.
/// </remarks>
internal static class ImageDecoder
{
    // The end of the lowest quarter of 8 bits.
    private const int Dark = 64;

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="problem">What is wrong with it, without a full stop; empty if all is well.</param>
    /// <returns>The image, or null if it cannot be used.</returns>
    public static PixelImage? Decode(ReadOnlySpan<byte> encoded, out string problem)
    {
        if (encoded.IsEmpty)
        {
            problem = "the file is empty";
            return null;
        }

        Span<byte> outside = stackalloc byte[3];
        if (GifTransparency.Without(encoded, outside) is { } opaque)
        {
            PixelImage? image = DecodeOpaque(opaque, out problem);
            if (image is not null)
                FillOutside(image.Bytes, outside);
            return image;
        }

        return DecodeOpaque(encoded, out problem);
    }

    /// <summary>The size that an image's header claims, however large; null if it cannot be used whatever its size.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="problem">What is wrong with it, without a full stop; empty if all is well.</param>
    public static unsafe (int Width, int Height)? SizeOf(ReadOnlySpan<byte> encoded, out string problem)
    {
        problem = "the file is empty";
        if (encoded.IsEmpty)
            return null;
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec? codec = SKCodec.Create(data);
            problem = codec is null ? NotAnImage(encoded) : UnreadKindOf(codec);
            return problem.Length > 0 ? null : (codec!.Info.Width, codec.Info.Height);
        }
    }

    private static unsafe PixelImage? DecodeOpaque(ReadOnlySpan<byte> encoded, out string problem)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec? codec = SKCodec.Create(data);
            problem = codec is null ? NotAnImage(encoded) : ProblemOf(codec);
            PixelImage? image = problem.Length > 0 ? null : Decode(codec!, out problem);
            if (image is null || !SixteenBitPng.MayHaveFewerBits(encoded) || !IsNearlyBlack(image.Bytes) || SixteenBitPng.IsBlack(encoded))
                return image;
            image.Dispose();
            problem = "its 16-bit values all lie in the lowest quarter of their range, as those of 10, 12 or 14 bits do, and "
                + "would be read as nearly black; it must be scaled to the whole range, or to 8 bits";
            return null;
        }
    }

    private static unsafe PixelImage? Decode(SKCodec codec, out string problem)
    {
        // Without a colour space in the target nothing is converted: the numbers of the file come out.
        var target = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var image = new PixelImage(target.Width, target.Height) { Orientation = codec.EncodedOrigin };
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

    private static bool IsNearlyBlack(ReadOnlySpan<byte> pixels)
    {
        int highest = 0;
        for (int i = 0; i < pixels.Length; i += PixelImage.PixelBytes)
            highest = Math.Max(highest, Math.Max(pixels[i], Math.Max(pixels[i + 1], pixels[i + 2])));
        return highest < Dark;
    }

    private static void FillOutside(Span<byte> pixels, ReadOnlySpan<byte> colour)
    {
        for (int i = 0; i < pixels.Length; i += PixelImage.PixelBytes)
        {
            if (pixels[i + 3] == 0)
                colour.CopyTo(pixels[i..]);
        }
    }

    private static string ProblemOf(SKCodec codec)
    {
        if (UnreadKindOf(codec) is { Length: > 0 } problem)
            return problem;
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        return width < 1 || height < 1 || (long)width * height > PixelImage.MaximumPixels
            ? $"its header claims {width}×{height} pixels; 1 to {PixelImage.MaximumPixels} are read"
            : "";
    }

    private static string UnreadKindOf(SKCodec codec) => codec.EncodedFormat is
        SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Bmp
        or SKEncodedImageFormat.Gif
        ? ""
        : $"{codec.EncodedFormat} images are not read";

    private static string NotAnImage(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith("version https://git-lfs"u8))
            return "this is a Git LFS pointer, not the image itself";
        if (encoded.TrimStart(" \t\r\n"u8) is [(byte)'<', ..])
            return "this is a web page or XML, not an image";
        if (FileSignature.OtherTypeOf(encoded) is { } type)
            return $"this is {type}, whatever its name says, which is not read; JPEG, PNG and WebP are";
        return "this is no JPEG, PNG or WebP image, or its header is damaged";
    }
}
