using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace VptDsl.Data.Pixels;

/// <summary>An image of bytes in rented memory, [height, width, 4]: red, green, blue, and a fourth byte that nobody looks at.</summary>
/// <remarks>Four bytes a pixel because that is what decoders write, and because a pixel then fits one vector lane group.</remarks>
internal sealed class PixelImage : IDisposable
{
    /// <summary>The most pixels an image may have: 2^27, 512 MiB.</summary>
    public const int MaximumPixels = 1 << 27;

    /// <summary>Bytes in a pixel.</summary>
    public const int PixelBytes = 4;

    private byte[]? _bytes;

    /// <summary>Rents memory; its contents are undefined.</summary>
    public PixelImage(int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height > MaximumPixels)
            throw new ArgumentOutOfRangeException(nameof(width), $"{width}×{height} pixels; an image has 1 to {MaximumPixels}.");
        Width = width;
        Height = height;
        _bytes = ArrayPool<byte>.Shared.Rent(width * height * PixelBytes);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>
    /// Which corner of the picture the first pixel is, as the file says it (EXIF): the top left one unless the camera was turned.
    /// </summary>
    public SKEncodedOrigin Orientation { get; init; } = SKEncodedOrigin.TopLeft;

    /// <summary>Bytes in a row.</summary>
    public int RowBytes => Width * PixelBytes;

    /// <summary>All pixels, row by row.</summary>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return _bytes.AsSpan(0, Height * RowBytes);
        }
    }

    /// <summary>One row.</summary>
    public Span<byte> Row(int y) => Bytes.Slice(y * RowBytes, RowBytes);

    /// <summary>Checks that there is room for what a resizing needs.</summary>
    /// <param name="width">The new width.</param>
    /// <param name="height">The new height.</param>
    /// <param name="needed">The size of an image on the way there, or of the result.</param>
    /// <exception cref="InvalidDataException">There is not.</exception>
    public void RequireResizable(int width, int height, (int Width, int Height) needed)
    {
        if ((long)needed.Width * needed.Height > MaximumPixels)
            throw new InvalidDataException($"its sides, {Width}×{Height}, are too unequal to be resized to {width}×{height}");
    }

    /// <summary>Copies a part out.</summary>
    public PixelImage Crop(int left, int top, int width, int height)
    {
        var part = new PixelImage(width, height);
        for (int y = 0; y < height; y++)
            Row(top + y).Slice(left * PixelBytes, part.RowBytes).CopyTo(part.Row(y));
        return part;
    }

    /// <summary>A copy turned and mirrored as <see cref="Orientation"/> says.</summary>
    public PixelImage Upright()
    {
        bool swapsAxes = SwapsAxes(Orientation);
        bool fromRight = Orientation is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = Orientation is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft
            or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        var upright = swapsAxes ? new PixelImage(Height, Width) : new PixelImage(Width, Height);
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(Bytes);
        for (int y = 0; y < upright.Height; y++)
        {
            Span<uint> row = MemoryMarshal.Cast<byte, uint>(upright.Row(y));
            for (int x = 0; x < row.Length; x++)
            {
                (int column, int line) = swapsAxes ? (y, x) : (x, y);
                row[x] = from[((fromBottom ? Height - 1 - line : line) * Width) + (fromRight ? Width - 1 - column : column)];
            }
        }

        return upright;
    }

    /// <summary>Whether a picture of an orientation is as high as its file is wide.</summary>
    public static bool SwapsAxes(SKEncodedOrigin orientation) => orientation >= SKEncodedOrigin.LeftTop;

    /// <summary>Mirrors left to right, in place.</summary>
    public void Flip()
    {
        for (int y = 0; y < Height; y++)
            MemoryMarshal.Cast<byte, uint>(Row(y)).Reverse();
    }

    /// <summary>
    /// Replaces colours by their brightness, in place: ITU-R 601-2 in 16-bit fixed point, as Pillow converts to <c>L</c>.
    /// </summary>
    public void MakeGrey()
    {
        Span<byte> bytes = Bytes;
        for (int i = 0; i < bytes.Length; i += PixelBytes)
        {
            byte grey = GreyOf(bytes[i..]);
            bytes[i] = bytes[i + 1] = bytes[i + 2] = grey;
        }
    }

    /// <summary>The brightness of a pixel's colour, in the fixed point of <see cref="MakeGrey"/>.</summary>
    /// <param name="pixel">Red, green and blue come first.</param>
    public static byte GreyOf(ReadOnlySpan<byte> pixel) =>
        (byte)(((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 0x8000) >> 16);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
