using System.Collections.Concurrent;
using SkiaSharp;
using Study;
using VptDsl.Data;

namespace TaskServer;

/// <summary>Images that no task was tuned on, for the page.</summary>
internal sealed class Examples(Backbone backbone)
{
    private readonly ConcurrentDictionary<string, Lazy<ImageSet>> _sets = new(StringComparer.Ordinal);

    /// <summary>A task's test image as a PNG file; null where there is none.</summary>
    public byte[]? Png(string task, int index)
    {
        if (StudyTask.All.FirstOrDefault(each => each.Key == task) is not { } found)
            return null;
        ImageSet images = _sets.GetOrAdd(task, _ => new(() => Read(found))).Value;
        return index < 0 || index >= images.Count ? null : Encode(images, index);
    }

    // Not normalised: from 0, dark, to 1.
    private ImageSet Read(StudyTask task) => task.ReadImages(backbone.Folder, new Normalization(mean: 0, deviation: 1)).Test;

    private static byte[] Encode(ImageSet images, int index)
    {
        float[] pixels = new float[images.Shape.Floats];
        images.CopyImage(index, pixels);
        using var bitmap = new SKBitmap(images.Shape.Width, images.Shape.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        Span<byte> bytes = bitmap.GetPixelSpan();
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
                bytes[(y * bitmap.RowBytes) + x] = (byte)MathF.Round(255 * pixels[(y * bitmap.Width) + x]);
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }
}
