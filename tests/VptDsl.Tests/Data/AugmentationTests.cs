using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>Augmentation takes every choice from the image's stream, stays in its ranges, and leaves measuring alone.</summary>
public class AugmentationTests
{
    private static readonly ImagePipeline Start = new(Normalization.ImageNet);

    public static TheoryData<string, ImagePipeline> Pipelines => new()
    {
        { "crop", Start.RandomResizedCrop(16) },
        { "jitter", Start.Resize(16).ColorJitter(0.4f, 0.4f, 0.4f, 0.1f) },
        { "rand", Start.Resize(16).RandAugment(operations: 3) },
        { "trivial", Start.Resize(16).TrivialAugmentWide() },
        { "all", Start.TrivialAugmentWide().RandAugment().RandomResizedCrop(16).RandomFlip().ColorJitter(hue: 0.5f) },
    };

    [Theory]
    [MemberData(nameof(Pipelines), DisableDiscoveryEnumeration = true)]
    public void The_same_stream_gives_the_same_image_and_others_give_others(string _, ImagePipeline pipeline)
    {
        float[][] images = [.. Enumerable.Range(0, 20).Select(i => Read(pipeline, i))];

        Assert.Equal(images, Enumerable.Range(0, 20).Select(i => Read(pipeline, i)));
        Assert.True(images.Distinct(new SameFloats()).Count() > 8);
        Assert.True(pipeline.IsRandom);
    }

    [Theory]
    [MemberData(nameof(Pipelines), DisableDiscoveryEnumeration = true)]
    public void Measuring_leaves_nothing_to_chance_and_texts_are_read_back(string _, ImagePipeline pipeline)
    {
        Assert.False(pipeline.WithoutChance().IsRandom);
        Assert.Equal(pipeline, ImagePipeline.Parse(pipeline.ToString()));
        Assert.Equal(pipeline.Shape, pipeline.WithoutChance().Shape);
        Assert.Equal(pipeline.ReadImage(GoldenFile.Path("wide.jpg")), pipeline.WithoutChance().ReadImage(GoldenFile.Path("wide.jpg")));
    }

    [Fact]
    public void A_square_is_measured_as_its_middle_and_another_size_as_the_whole()
    {
        Assert.StartsWith(
            "resize-short-side 256 bicubic | center-crop 224 | ",
            Start.RandomResizedCrop(224, interpolation: Interpolation.Bicubic).WithoutChance().ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "resize 144x256 bilinear | ", Start.RandomResizedCrop(new PlaneSize(144, 256)).WithoutChance().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Crops_lie_within_the_image_and_have_the_shares_asked_for()
    {
        var range = new CropRange(0.2f, 0.5f, 0.5f, 2);
        var random = new RandomStream(1);
        var places = new HashSet<(int, int)>();
        for (int i = 0; i < 2000; i++)
        {
            (int left, int top, int width, int height) = range.Draw(60, 40, ref random);
            places.Add((left, top));

            Assert.InRange(left, 0, 60 - width);
            Assert.InRange(top, 0, 40 - height);
            Assert.InRange(width * height / 2400.0, 0.18, 0.53);
            Assert.InRange(width / (double)height, 0.45, 2.2);
        }

        Assert.True(places.Count > 300);
        Assert.Equal((0, 0, 1, 1), new CropRange(0.08f, 1, 0.75f, 1.4f).Draw(1, 1, ref random));
    }

    [Fact]
    public void A_grey_pipeline_stays_grey()
    {
        var grey = new ImagePipeline(new Normalization(0, 1));
        float[] image = Read(grey.ColorJitter(0.5f, 0.5f, 0.9f, 0.5f).RandAugment(5).Resize(12), 3);

        Assert.Equal(144, image.Length);
        Assert.All(image, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(16, smallestShare: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(16, smallestShare: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(16, largestShare: 1.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(16, narrowest: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(16, widest: float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandomResizedCrop(8000));
        Assert.Throws<ArgumentException>(() => Start.RandomResizedCrop(16, interpolation: Interpolation.LegacyBilinear));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.ColorJitter(brightness: -0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.ColorJitter(contrast: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.ColorJitter(hue: 0.6f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandAugment(magnitude: 31));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.RandAugment(operations: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start.TrivialAugmentWide(bins: 1));
        Assert.Throws<FormatException>(() => ImagePipeline.Parse("rand-augment 2 -1 of 31 | normalize 0 / 1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(probability: 1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(smallestShare: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(largestShare: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(lowest: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(pixels: (ErasedPixels)7));
        Assert.Contains(
            "label map cannot follow",
            Assert.Throws<ArgumentException>(
                () => new SegmentationImages(["a"], ["b"], Start.RandAugment().Resize(8), ["a"], false, 255, [])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErasedPixels.Mean)]
    [InlineData(ErasedPixels.Noise)]
    public void Erasing_takes_one_rectangle_out_of_all_channels(ErasedPixels pixels)
    {
        var shape = new ImageShape(2, 20, 30);
        var erasing = new RandomErasing(probability: 1, pixels: pixels);
        for (int seed = 0; seed < 200; seed++)
        {
            float[] image = Enumerable.Repeat(9f, shape.Floats).ToArray();
            var random = new RandomStream(seed);
            erasing.Apply(image, shape, ref random);
            int[] erased = [.. Enumerable.Range(0, shape.PlaneFloats).Where(i => image[i] != 9)];
            int rows = erased.Select(i => i / 30).Distinct().Count(), columns = erased.Select(i => i % 30).Distinct().Count();

            Assert.Equal(erased.Length, rows * columns);
            Assert.InRange(erased.Length / 600.0, 0.01, 0.36);
            Assert.Equal(erased, Enumerable.Range(0, shape.PlaneFloats).Where(i => image[600 + i] != 9));
            Assert.Equal(pixels == ErasedPixels.Mean, erased.All(i => image[i] == 0));
        }
    }

    [Fact]
    public void Erasing_happens_as_often_as_asked_and_says_what_it_is()
    {
        var random = new RandomStream(4);
        int erased = 0;
        for (int i = 0; i < 1000; i++)
        {
            float[] image = Enumerable.Repeat(1f, 400).ToArray();
            new RandomErasing(0.25f).Apply(image, new ImageShape(1, 20, 20), ref random);
            erased += image.Contains(0) ? 1 : 0;
        }

        Assert.InRange(erased, 200, 300);
        Assert.Equal("random-erasing 0.25 scale 0.02 0.33 ratio 0.3 3.3 Mean", new RandomErasing(0.25f).ToString());
    }

    [Fact]
    public void An_image_too_small_for_any_rectangle_stays()
    {
        float[] image = [1, 2];
        var random = new RandomStream(4);
        new RandomErasing(1, smallestShare: 1, largestShare: 1).Apply(image, new ImageShape(2, 1, 1), ref random);
        Assert.Equal([1, 2], image);
    }

    private static float[] Read(ImagePipeline pipeline, int seed)
    {
        var random = new RandomStream(seed);
        float[] image = new float[pipeline.Shape.Floats];
        pipeline.Run(ImageFileReader.Read(GoldenFile.Path("colour.png")), image, ref random);
        return image;
    }

    private sealed class SameFloats : IEqualityComparer<float[]>
    {
        public bool Equals(float[]? x, float[]? y) => x!.AsSpan().SequenceEqual(y);

        public int GetHashCode(float[] values) => values[0].GetHashCode();
    }
}
