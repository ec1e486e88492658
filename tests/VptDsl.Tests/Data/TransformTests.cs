using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>Augmentation does what its name says, on every channel alike.</summary>
public class TransformTests
{
    private static readonly ImageShape Shape = new(2, 4, 5);

    [Fact]
    public void A_certain_flip_mirrors_rows_and_flipping_twice_restores_the_image()
    {
        float[] image = Ramp();
        var flip = new RandomHorizontalFlip(1);
        var random = new RandomStream(0);

        flip.Apply(image, Shape, ref random);
        Assert.Equal([4, 3, 2, 1, 0, 9, 8, 7, 6, 5], image[..10]);
        Assert.Equal([24, 23, 22, 21, 20], image[20..25]);

        flip.Apply(image, Shape, ref random);
        Assert.Equal(Ramp(), image);
    }

    [Fact]
    public void A_flip_happens_as_often_as_asked()
    {
        var random = new RandomStream(4);
        int flipped = 0;
        for (int i = 0; i < 1000; i++)
        {
            float[] image = Ramp();
            new RandomHorizontalFlip(0.25f).Apply(image, Shape, ref random);
            flipped += image[0] == 0 ? 0 : 1;
        }

        Assert.InRange(flipped, 200, 300);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(1.5f));
    }

    [Fact]
    public void A_crop_is_padding_and_cutting_anywhere_with_one_shift_for_all_channels()
    {
        const int padding = 3;
        var random = new RandomStream(8);
        var shifts = new HashSet<(int, int)>();
        for (int trial = 0; trial < 600; trial++)
        {
            float[] image = Ramp();
            new RandomCrop(padding).Apply(image, Shape, ref random);

            // An image shifted differently looks different, so First finds the only explanation or fails.
            shifts.Add(AllShifts(padding).First(shift => Shifted(shift.Down, shift.Right).SequenceEqual(image)));
        }

        Assert.Equal(49, shifts.Count);
    }

    [Fact]
    public void A_crop_needs_an_image_larger_than_its_padding()
    {
        float[] image = Ramp();
        var random = new RandomStream(0);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new RandomCrop(4).Apply(image, Shape, ref random));
        Assert.Contains("lower the padding", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomCrop(-1));
    }

    private static IEnumerable<(int Down, int Right)> AllShifts(int padding) =>
        from down in Enumerable.Range(-padding, (2 * padding) + 1)
        from right in Enumerable.Range(-padding, (2 * padding) + 1)
        select (down, right);

    private static float[] Shifted(int down, int right)
    {
        float[] ramp = Ramp();
        float[] image = new float[Shape.Floats];
        for (int i = 0; i < image.Length; i++)
        {
            int channel = i / 20, y = (i % 20 / 5) - down, x = (i % 5) - right;
            image[i] = y is >= 0 and < 4 && x is >= 0 and < 5 ? ramp[(channel * 20) + (y * 5) + x] : ramp[channel * 20];
        }

        return image;
    }

    private static float[] Ramp() => [.. Enumerable.Range(0, Shape.Floats).Select(i => (float)i)];
}
