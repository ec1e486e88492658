using VptDsl.Data;

namespace VptDsl.Tests.Training;

/// <summary>A set whose reader dies at an image, as a process does that is killed.</summary>
internal sealed class DyingSource(IImageSource images, int readsBeforeDeath, Action? dying = null) : IImageSource
{
    private int _reads;

    public int Count => images.Count;

    public ImageShape Shape => images.Shape;

    public IReadOnlyList<string> ClassNames => images.ClassNames;

    public int Label(int index) => images.Label(index);

    public void CopyImage(int index, Span<float> destination)
    {
        int read = Interlocked.Increment(ref _reads);
        if (read > readsBeforeDeath)
        {
            if (read == readsBeforeDeath + 1)
                dying?.Invoke();
            throw new DeathException();
        }

        images.CopyImage(index, destination);
    }
}

/// <summary>No error of the library's, so that nothing there reacts to it.</summary>
internal sealed class DeathException : Exception;
