using VptDsl.Data;

namespace VptDsl.Concurrency.Tests;

/// <summary>A set that runs code of the test's whenever an image is read: on whatever thread reads it.</summary>
internal sealed class SlowSet(IImageSource images, Action<int> reading) : IImageSource
{
    public int Count => images.Count;

    public ImageShape Shape => images.Shape;

    public IReadOnlyList<string> ClassNames => images.ClassNames;

    public int Label(int index) => images.Label(index);

    public void CopyImage(int index, Span<float> destination)
    {
        reading(index);
        images.CopyImage(index, destination);
    }
}
