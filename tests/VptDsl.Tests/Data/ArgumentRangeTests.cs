using VptDsl.Data;
using VptDsl.Data.Stores;
using VptDsl.Training;

namespace VptDsl.Tests.Data;

/// <summary>Numbers that lie outside of what there is are refused by name, and by no error from further in.</summary>
public sealed class ArgumentRangeTests
{
    private static readonly ImagePipeline Pipeline = new ImagePipeline(new Normalization(0, 1)).Resize(2);
    private static readonly ImageShape Shape = new(1, 2, 2);

    private static readonly ImageSet Set = ImageSet.FromBytes(Shape, new byte[8], [0, 1], ["a", "b"], new Normalization(0, 1));

    public static TheoryData<string, IImageSource> Sources => new()
    {
        { "memory", Set },
        { "subset", new Subset(ImageSet.FromFloats(Shape, new float[16], new int[4], ["a"]), [0, 3]) },
        { "empty subset", new Subset(Set, []) },
        { "stored", new PixelImages(new MemoryStore("memory", Shape, new byte[8], [0, 0], ["a"]), Pipeline) },
        { "label maps", SegmentationSet.FromBytes(Shape, new byte[8], new byte[8], ["a"], new Normalization(0, 1)) },
        { "files with label maps", new SegmentationImages(["a", "b"], ["c", "d"], Pipeline, ["a"], false, 255, []) },
    };

    [Theory]
    [MemberData(nameof(Sources), DisableDiscoveryEnumeration = true)]
    public void An_image_that_is_not_in_the_set_is_refused(string _, IImageSource source)
    {
        foreach (int index in new[] { -1, source.Count, int.MinValue, int.MaxValue })
        {
            Refused(index, () => source.Label(index));
            Refused(index, () => source.CopyImage(index, new float[4]));
            Refused(index, () => source.CopyLabels(index, new int[source.LabelsPerImage]));
            if (source is IAugmentedSource augmented)
            {
                Refused(index, () =>
                {
                    var random = new RandomStream(1);
                    augmented.CopyAugmented(index, new float[4], ref random);
                });
            }
        }
    }

    [Fact]
    public void Label_maps_of_images_that_are_not_in_the_set_are_refused()
    {
        var images = new SegmentationImages(["a"], ["b"], Pipeline, ["a"], false, 255, []);

        Refused(1, () => images.FilesOf(1));
        Refused(-1, () => images.ReadLabelMap(-1));
        Refused(1, () => SegmentationSet.FromBytes(Shape, new byte[4], new byte[4], ["a"], new Normalization(0, 1)).LabelMap(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Room_for_more_or_fewer_labels_than_a_map_has_is_refused(int room)
    {
        var set = SegmentationSet.FromBytes(Shape, new byte[4], new byte[4], ["a"], new Normalization(0, 1));

        ArgumentException error = Assert.Throws<ArgumentException>(() => set.CopyLabels(0, new int[room]));

        Assert.Equal("labels", error.ParamName);
        Assert.Contains($"2 × 2 pixels has 4 labels, but there is room for {room}", error.Message);
    }

    [Fact]
    public void A_label_that_is_no_class_is_named_where_a_set_is_divided()
    {
        var source = new OddSource(3, ["a", "b"], 0, 1, 2);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Split.Stratified(source, 1, seed: 1));

        Assert.Equal("source", error.ParamName);
        Assert.Contains("Image 2 has label 2", error.Message);
    }

    [Fact]
    public void A_number_of_images_below_zero_is_refused()
    {
        var source = new OddSource(-1, ["a", "b"]);

        Assert.Equal("source", Assert.Throws<ArgumentException>(() => Split.Shuffled(source, 0, seed: 1)).ParamName);
        Assert.Equal("source", Assert.Throws<ArgumentException>(() => Split.Stratified(source, 0, seed: 1)).ParamName);
        Assert.Equal("train", Assert.Throws<ArgumentException>(() => ClassWeights.Balanced(source, 2)).ParamName);
    }

    [Theory]
    [InlineData(1, 65536, 65536)]
    [InlineData(3, 32768, 32768)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void A_shape_that_no_array_holds_is_refused(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);

        foreach (Action act in new Action[]
        {
            () => ImageSet.FromFloats(shape, [], [], []),
            () => ImageSet.FromBytes(shape, [], [], [], new Normalization(0, 1)),
            () => SegmentationSet.FromBytes(shape, [], [], [], new Normalization(0, 1)),
        })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(act);
            Assert.Equal("shape", error.ParamName);
            Assert.Contains(shape.ToString(), error.Message);
        }

        Assert.Contains(shape.ToString(), Assert.Throws<OverflowException>(() => shape.Floats).Message);
    }

    [Fact]
    public void The_largest_shape_has_its_floats() => Assert.Equal(Array.MaxLength, new ImageShape(1, 1, Array.MaxLength).Floats);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(7169)]
    public void A_size_that_no_pipeline_has_is_refused(int size)
    {
        foreach (Action act in new Action[] { () => Transforms.FgvcTrain(size), () => Transforms.FgvcTest(size) })
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(act);
            Assert.Equal("size", error.ParamName);
            Assert.Equal(size, error.ActualValue);
        }
    }

    [Fact]
    public void The_largest_size_of_a_crop_fits_its_short_side() => Assert.Equal(7168, Transforms.FgvcTest(7168).Shape.Height);

    [Fact]
    public void More_classes_than_labels_can_have_are_refused() => Assert.Equal(
        "classes", Assert.Throws<ArgumentOutOfRangeException>(() => ClassWeights.Balanced(Set, int.MaxValue)).ParamName);

    private static void Refused(int index, Action act)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(act);
        Assert.Equal(("index", index), (error.ParamName, error.ActualValue));
    }
}
