using VptDsl.Data;

namespace VptDsl.Concurrency.Tests;

/// <summary>Images drawn from a seed.</summary>
internal static class Images
{
    public const int Classes = 3, Side = 8;

    /// <summary>Normalised pixels, [count, channels, 8, 8].</summary>
    public static float[] Draw(int count, long seed, int channels = 1)
    {
        var random = new RandomStream(seed);
        float[] images = new float[count * channels * Side * Side];
        foreach (ref float value in images.AsSpan())
            value = random.NextNormal();
        return images;
    }

    /// <summary>A labelled set in memory; what makes the class of an image is one bright pixel.</summary>
    public static ImageSet DrawSet(int count, long seed)
    {
        float[] images = Draw(count, seed);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes;
            images[(i * Side * Side) + labels[i]] += 3;
        }

        return ImageSet.FromFloats(new ImageShape(1, Side, Side), images, labels, ["a", "b", "c"]);
    }
}
