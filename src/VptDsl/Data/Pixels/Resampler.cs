using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Data.Pixels;

/// <summary>Brings an image to another size: first along rows, then along columns, rounding to bytes after each.</summary>
internal static class Resampler
{
    /// <summary>Makes a resized copy.</summary>
    public static PixelImage Resize(PixelImage image, int width, int height, Interpolation interpolation)
    {
        image.RequireResizable(width, height, needed: (width, height));
        if (image.Width == width && image.Height == height)
            return image.Crop(0, 0, width, height);
        if (image.Width == width)
            return ResizeColumns(image, height, interpolation);

        image.RequireResizable(width, height, needed: (width, image.Height));
        PixelImage narrowed = ResizeRows(image, width, interpolation);
        if (image.Height == height)
            return narrowed;

        using (narrowed)
            return ResizeColumns(narrowed, height, interpolation);
    }

    private static PixelImage ResizeRows(PixelImage image, int width, Interpolation interpolation)
    {
        var weights = new ResampleWeights(image.Width, width, interpolation);
        var result = new PixelImage(width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<uint> row = MemoryMarshal.Cast<byte, uint>(image.Row(y));
            Span<uint> output = MemoryMarshal.Cast<byte, uint>(result.Row(y));
            for (int x = 0; x < output.Length; x++)
                output[x] = Blend(row[weights.First(x)..], 1, weights.Weights(x));
        }

        return result;
    }

    private static PixelImage ResizeColumns(PixelImage image, int height, Interpolation interpolation)
    {
        var weights = new ResampleWeights(image.Height, height, interpolation);
        var result = new PixelImage(image.Width, height);
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(image.Bytes);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<uint> from = pixels[(weights.First(y) * image.Width)..];
            ReadOnlySpan<int> column = weights.Weights(y);
            Span<uint> output = MemoryMarshal.Cast<byte, uint>(result.Row(y));
            for (int x = 0; x < output.Length; x++)
                output[x] = Blend(from[x..], image.Width, column);
        }

        return result;
    }

    /// <summary>The weighted sum of pixels that lie <paramref name="step"/> apart, all channels at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Blend(ReadOnlySpan<uint> pixels, int step, ReadOnlySpan<int> weights)
    {
        Vector128<int> sum = Vector128.Create(1 << (ResampleWeights.FractionBits - 1));
        int position = 0;
        foreach (int weight in weights)
        {
            Vector128<byte> pixel = Vector128.CreateScalar(pixels[position]).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * Vector128.Create(weight);
            position += step;
        }

        Vector128<int> rounded = Vector128.ShiftRightArithmetic(sum, ResampleWeights.FractionBits);
        Vector128<int> clamped = Vector128.Min(Vector128.Max(rounded, Vector128<int>.Zero), Vector128.Create(255));
        Vector128<ushort> halves = Vector128.Narrow(clamped.AsUInt32(), clamped.AsUInt32());
        return Vector128.Narrow(halves, halves).AsUInt32().ToScalar();
    }
}
