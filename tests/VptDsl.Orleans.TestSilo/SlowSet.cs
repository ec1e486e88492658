using VptDsl.Data;

namespace VptDsl.Orleans.TestSilo;

/// <summary>A set whose images take their time, without keeping a core busy: there are few.</summary>
internal sealed class SlowSet(IImageSource images, int milliseconds) : IImageSource
{
    public int Count => images.Count;

    public ImageShape Shape => images.Shape;

    public IReadOnlyList<string> ClassNames => images.ClassNames;

    public int Label(int index) => images.Label(index);

    public void CopyImage(int index, Span<float> destination)
    {
        if (milliseconds > 0)
            Thread.Sleep(milliseconds);
        images.CopyImage(index, destination);
    }
}
