using VptDsl.Data;

namespace VptDsl.Tests.Training;

/// <summary>Small made-up sets.</summary>
internal static class ToySets
{
    /// <summary>Images of 3 × 3 pixels in three classes: noise, and a bright row that tells the class.</summary>
    public static ImageSet BrightRows(int count, long seed)
    {
        var shape = new ImageShape(1, 3, 3);
        float[] images = new float[count * shape.Floats];
        int[] labels = new int[count];
        var random = new RandomStream(seed);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            for (int k = 0; k < shape.Floats; k++)
                images[(i * shape.Floats) + k] = (0.4f * random.NextNormal()) + (k / 3 == labels[i] ? 1 : 0);
        }

        return ImageSet.FromFloats(shape, images, labels, ["top", "middle", "bottom"]);
    }

    /// <summary>Images of one pixel, their index; all of class 0 out of two.</summary>
    public static ImageSet Numbered(int count) =>
        ImageSet.FromFloats(new ImageShape(1, 1, 1), [.. Enumerable.Range(0, count).Select(i => (float)i)], new int[count], ["a", "b"]);
}
