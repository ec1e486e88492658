using VptDsl.Data;
using VptDsl.Training.Batches;

namespace VptDsl.Tests.Data;

/// <summary>Epochs visit every image in an order of their own, and an image's augmentation does not depend on how it is read.</summary>
public class BatchTests
{
    private static readonly IImageTransform[] Transforms = [new RandomHorizontalFlip(), new RandomCrop(2)];

    [Fact]
    public void Every_epoch_has_an_order_of_its_own_that_can_be_found_again()
    {
        var order = new EpochOrder(40, seed: 3);
        int[] first = order.Shuffle(0).ToArray();
        int[] second = order.Shuffle(1).ToArray();

        Assert.Equal(Enumerable.Range(0, 40), first.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(second, new EpochOrder(40, seed: 3).Shuffle(1).ToArray());
        Assert.NotEqual(first, new EpochOrder(40, seed: 4).Shuffle(0).ToArray());
    }

    [Fact]
    public void A_batch_holds_the_images_asked_for_with_their_labels()
    {
        ImageSet set = Set(6);
        var reader = new BatchReader(set, 4, [], seed: 0);

        reader.Read([5, 2], epoch: 0);

        Assert.Equal([1, 0], reader.Labels.ToArray());
        Assert.Equal([.. Image(set, 5), .. Image(set, 2)], reader.Images.ToArray());
    }

    [Fact]
    public void Augmentation_depends_on_seed_epoch_and_image_alone()
    {
        ImageSet set = Set(20);
        float[] Augmented(long seed, int epoch, params int[] indices)
        {
            var reader = new BatchReader(set, 20, Transforms, seed);
            reader.Read(indices, epoch);
            return reader.Images.Slice((indices.Length - 1) * set.Shape.Floats, set.Shape.Floats).ToArray();
        }

        float[] expected = Augmented(1, 4, 9);

        Assert.Equal(expected, Augmented(1, 4, 3, 17, 0, 9));
        Assert.Contains(Enumerable.Range(0, 10), epoch => !expected.SequenceEqual(Augmented(1, epoch, 9)));
        Assert.Contains(Enumerable.Range(0, 10), seed => !expected.SequenceEqual(Augmented(seed, 4, 9)));
    }

    private static float[] Image(ImageSet set, int index)
    {
        float[] image = new float[set.Shape.Floats];
        set.CopyImage(index, image);
        return image;
    }

    private static ImageSet Set(int count)
    {
        var shape = new ImageShape(1, 4, 5);
        float[] pixels = [.. Enumerable.Range(0, count * shape.Floats).Select(i => (float)i)];
        return ImageSet.FromFloats(shape, pixels, [.. Enumerable.Range(0, count).Select(i => i % 2)], ["even", "odd"]);
    }
}
