using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>A set of one-pixel images that says what a test wants of itself, true or not.</summary>
internal sealed class OddSource(int count, IReadOnlyList<string> classNames, params int[] labels) : IImageSource
{
    public int Count => count;

    public ImageShape Shape => new(1, 1, 1);

    public IReadOnlyList<string> ClassNames => classNames;

    public int Label(int index) => labels[index];

    public void CopyImage(int index, Span<float> destination) => destination.Clear();
}
