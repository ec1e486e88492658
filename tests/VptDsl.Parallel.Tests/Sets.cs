using VptDsl.Data;

namespace VptDsl.Parallel.Tests;

/// <summary>Sets in memory, drawn from a seed.</summary>
internal static class Sets
{
    public const int Side = 8;

    private static readonly string[] Classes = ["a", "b", "c"];

    /// <summary>Images whose class is one bright pixel.</summary>
    public static ImageSet Images(int count, long seed)
    {
        float[] images = Draw(count, seed);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes.Length;
            images[(i * Side * Side) + labels[i]] += 3;
        }

        return ImageSet.FromFloats(new ImageShape(1, Side, Side), images, labels, Classes);
    }

    /// <summary>Images with label maps, of which some pixels do not count.</summary>
    public static SegmentationSet Maps(int count, long seed)
    {
        var random = new RandomStream(seed);
        byte[] images = new byte[count * Side * Side], labels = new byte[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = (byte)random.NextInt(256);
            labels[i] = random.NextInt(5) == 0 ? (byte)255 : (byte)(images[i] / 86);
        }

        return SegmentationSet.FromBytes(new ImageShape(1, Side, Side), images, labels, Classes, new Normalization(0.5f, 0.25f));
    }

    private static float[] Draw(int count, long seed)
    {
        var random = new RandomStream(seed);
        float[] images = new float[count * Side * Side];
        foreach (ref float value in images.AsSpan())
            value = random.NextNormal();
        return images;
    }
}
