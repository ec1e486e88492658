using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;
using VptDsl.Weights;

namespace VptDsl;

/// <summary>The class of each pixel of an image.</summary>
public sealed class LabelMap
{
    private readonly int[] _labels;

    /// <summary>Takes the classes of an image's pixels.</summary>
    /// <param name="height">Rows of pixels, 1 or more.</param>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="labels">[height, width]. Not copied.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public LabelMap(int height, int width, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (labels.LongLength != (long)height * width)
        {
            throw new ArgumentException(
                $"A label map of {height} × {width} pixels has {(long)height * width} labels, not {labels.Length}.", nameof(labels));
        }

        Height = height;
        Width = width;
        _labels = labels;
    }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>All labels, [height, width].</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The class of a pixel.</summary>
    /// <param name="y">The row from the top, in [0, <see cref="Height"/>).</param>
    /// <param name="x">The pixel from the left, in [0, <see cref="Width"/>).</param>
    public int this[int y, int x]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            return _labels[(y * Width) + x];
        }
    }

    /// <summary>
    /// A label's colour in pictures: its bits spread over red, green and blue, the lowest to the highest place, so that neighbouring
    /// labels differ most. Label 0 is black; these are PASCAL VOC's colours.
    /// </summary>
    /// <param name="label">The lowest 8 bits count.</param>
    public static (byte Red, byte Green, byte Blue) ColourOf(int label)
    {
        int red = 0, green = 0, blue = 0;
        for (int place = 7, bits = label & 0xFF; bits != 0; place--, bits >>= 3)
        {
            red |= (bits & 1) << place;
            green |= (bits >> 1 & 1) << place;
            blue |= (bits >> 2 & 1) << place;
        }

        return ((byte)red, (byte)green, (byte)blue);
    }

    /// <summary>Writes a picture: each label in its colour.</summary>
    /// <param name="path">The PNG file. It is replaced as a whole or not at all.</param>
    /// <param name="colourOf">The colour of a label; left out: <see cref="ColourOf"/>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePicture(string path, Func<int, (byte Red, byte Green, byte Blue)>? colourOf = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        colourOf ??= ColourOf;
        byte[] pixels = new byte[4 * _labels.Length];
        for (int i = 0; i < _labels.Length; i++)
            (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3]) = Opaque(colourOf(_labels[i]));
        Save(path, pixels, SKColorType.Rgba8888, SKAlphaType.Opaque, pixelBytes: 4);
    }

    /// <summary>
    /// Writes the labels themselves, a grey level each, as data sets keep them and <see cref="Data.SegmentationFolder"/> reads them.
    /// </summary>
    /// <param name="path">The PNG file. It is replaced as a whole or not at all.</param>
    /// <exception cref="InvalidOperationException">A label is not from 0 to 255.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveLabels(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] levels = new byte[_labels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = _labels[i] is >= 0 and <= byte.MaxValue
                ? (byte)_labels[i]
                : throw new InvalidOperationException($"Label {_labels[i]} is no grey level: a file of labels holds 0 to {byte.MaxValue}.");
        }

        Save(path, levels, SKColorType.Gray8, SKAlphaType.Opaque, pixelBytes: 1);
    }

    /// <summary>The size in pixels and the labels that occur.</summary>
    public override string ToString()
    {
        IEnumerable<string> labels = _labels.Distinct().Order().Select(label => label.ToString(CultureInfo.InvariantCulture));
        return FormattableString.Invariant($"{Width} × {Height} pixels, labels {string.Join(' ', labels)}");
    }

    private static (byte, byte, byte, byte) Opaque((byte Red, byte Green, byte Blue) colour) =>
        (colour.Red, colour.Green, colour.Blue, byte.MaxValue);

    private void Save(string path, byte[] pixels, SKColorType type, SKAlphaType alpha, int pixelBytes)
    {
        GCHandle pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Width, Height, type, alpha), pinned.AddrOfPinnedObject(), Width * pixelBytes);
            using SKData encoded = pixmap.Encode(SKEncodedImageFormat.Png, quality: 100)
                ?? throw new InvalidOperationException($"A picture of {Width} × {Height} pixels cannot be encoded.");
            AtomicFile.Write(path, encoded.SaveTo);
        }
        finally
        {
            pinned.Free();
        }
    }
}
