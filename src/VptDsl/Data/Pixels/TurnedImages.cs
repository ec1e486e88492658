using System.Collections.Concurrent;
using SkiaSharp;

namespace VptDsl.Data.Pixels;

/// <summary>Remembers which images of a set carry a camera's orientation that was ignored. Thread-safe.</summary>
internal sealed class TurnedImages
{
    private readonly ConcurrentDictionary<int, bool> _indices = [];

    /// <summary>Looks at an image that has been read.</summary>
    /// <param name="index">Its index in the set.</param>
    /// <param name="image">The image as it was stored.</param>
    /// <param name="pipeline">What happens to it.</param>
    public void Note(int index, PixelImage image, ImagePipeline pipeline)
    {
        if (image.Orientation != SKEncodedOrigin.TopLeft && !pipeline.TurnsUpright)
            _indices[index] = true;
    }

    /// <summary>The images so far, by index.</summary>
    public IReadOnlyList<int> Indices => [.. _indices.Keys.Order()];
}
