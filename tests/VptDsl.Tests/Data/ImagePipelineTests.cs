using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Data.Stores;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>Pipelines do in training what they do in measuring, but for chance; and they survive being written down.</summary>
public class ImagePipelineTests
{
    private static readonly string Wide = GoldenFile.Path("wide.jpg");
    private static readonly string Small = GoldenFile.Path("colour.png");

    [Theory]
    [InlineData(224, 256)]
    [InlineData(384, 438)]
    [InlineData(448, 512)]
    public void The_presets_resize_as_the_papers_code(int size, int shortSide)
    {
        string normalization = "normalize 0.485 0.456 0.406 / 0.229 0.224 0.225";

        Assert.Equal(
            $"resize-short-side {shortSide} bilinear | center-crop {size} | {normalization}", Transforms.FgvcTest(size).ToString());
        Assert.Equal(
            $"resize-short-side {shortSide} bilinear | random-crop {size} | random-flip 0.5 | {normalization}",
            Transforms.FgvcTrain(size).ToString());
        Assert.Equal($"resize {size} bilinear | {normalization}", Transforms.Vtab(size).ToString());
    }

    [Fact]
    public void Training_images_are_crops_of_the_resized_image_mirrored_half_the_time()
    {
        // Short side 8 gives 10 × 8: 4 places across and 2 down, each as it is or mirrored.
        ImagePipeline train = Transforms.FgvcTrain(7);
        Dictionary<string, int> places = Places();
        var seen = new HashSet<int>();
        PixelImages set = Set(train, Small);
        float[] image = new float[set.Shape.Floats];
        for (int i = 0; i < 300; i++)
        {
            var random = new RandomStream(3, i);
            set.CopyAugmented(0, image, ref random);
            seen.Add(places[Key(image)]);
        }

        Assert.Equal(places.Count, seen.Count);
        Assert.Equal(4 * 2 * 2, places.Count);
    }

    [Fact]
    public void Without_chance_a_training_pipeline_is_the_measuring_one()
    {
        PixelImages set = Set(Transforms.FgvcTrain(35), Wide);
        float[] image = new float[set.Shape.Floats];

        set.CopyImage(0, image);

        Assert.True(set.IsAugmented);
        Assert.False(set.With(Transforms.FgvcTest(35)).IsAugmented);
        Assert.Equal(Transforms.FgvcTest(35).ReadImage(Wide), image);
    }

    [Fact]
    public void Text_and_back_is_the_same_pipeline()
    {
        ImagePipeline[] pipelines =
        [
            Transforms.FgvcTrain(), Transforms.FgvcTest(384, Normalization.Symmetric),
            Transforms.Vtab(interpolation: Interpolation.LegacyBilinear), Transforms.Vtab(28, new Normalization(0.1f, 1f / 3)),
            new ImagePipeline(Normalization.None).ResizeShortSide(40, Interpolation.Bicubic).RandomFlip(0.125f).RandomCrop(20),
            Transforms.Vtab(new PlaneSize(144, 256)), new ImagePipeline(Normalization.None).Resize(40).RandomCrop(new PlaneSize(9, 16)),
            new ImagePipeline(Normalization.None).Resize(40).CenterCrop(new PlaneSize(16, 9)),
        ];

        Assert.All(pipelines, pipeline => Assert.Equal(pipeline, ImagePipeline.Parse(pipeline.ToString())));
        Assert.Equal(pipelines.Length, pipelines.Distinct().Count());
    }

    [Theory]
    [InlineData("", "ends with")]
    [InlineData("resize 224 bilinear", "ends with")]
    [InlineData("normalize 0 0 0", "ends with")]
    [InlineData("normalize 0 0 / 1 1", "1 channel (grey) or 3")]
    [InlineData("normalize 0 0 0 / 1 1 0", "deviation of channel 2 is 0")]
    [InlineData("rotate 5 | normalize 0 / 1", "\"rotate 5\" is no step")]
    [InlineData("resize -3 bilinear | normalize 0 / 1", "\"resize -3 bilinear\" is no step")]
    [InlineData("center-crop 99999 | normalize 0 / 1", "1 to 8192")]
    [InlineData("resize-short-side 8x4 bilinear | normalize 0 / 1", "is no step")]
    [InlineData("resize 8x4x2 bilinear | normalize 0 / 1", "is no step")]
    [InlineData("resize 8x bilinear | normalize 0 / 1", "is no step")]
    [InlineData("resize 8x99999 bilinear | normalize 0 / 1", "1 to 8192")]
    [InlineData("random-flip 2 | normalize 0 / 1", "between 0 and 1")]
    [InlineData("resize 8 legacy-bilinear | center-crop 4 | normalize 0 / 1", "make the resize the last step")]
    public void Text_that_is_no_pipeline_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ImagePipeline.Parse(text)).Message);

    [Fact]
    public void A_pipeline_must_bring_images_to_one_size()
    {
        ImagePipeline pipeline = new ImagePipeline(Normalization.ImageNet).ResizeShortSide(32);

        Assert.Contains("end it with Resize", Assert.Throws<InvalidOperationException>(() => pipeline.Shape).Message);
        Assert.Equal(new ImageShape(3, 24, 24), pipeline.CenterCrop(24).Shape);
    }

    /// <summary>Height before width, as in [channels, height, width].</summary>
    [Fact]
    public void Images_that_are_no_squares_have_the_height_and_width_that_are_asked_for()
    {
        float[] wide = Transforms.Vtab(new PlaneSize(4, 6), Normalization.None).ReadImage(Wide);
        float[] square = Transforms.Vtab(6, Normalization.None).ReadImage(Wide);
        ImagePipeline crop = new ImagePipeline(Normalization.None).Resize(6).CenterCrop(new PlaneSize(2, 6));

        Assert.Equal(new ImageShape(3, 4, 6), Transforms.Vtab(new PlaneSize(4, 6)).Shape);
        Assert.Equal(3 * 4 * 6, wide.Length);
        Assert.Equal(new ImageShape(3, 2, 6), crop.Shape);
        Assert.Equal(square[(2 * 6)..(4 * 6)], crop.ReadImage(Wide)[..(2 * 6)]);
    }

    [Fact]
    public void A_crop_larger_than_an_image_names_the_image()
    {
        ImagePipeline pipeline = new ImagePipeline(Normalization.ImageNet).CenterCrop(300);

        string message = Assert.Throws<ImageDataException>(() => pipeline.ReadImage(Wide)).Message;

        Assert.StartsWith(Wide, message);
        Assert.Contains("300 pixels cannot be cut out of 331×223", message);
    }

    [Fact]
    public void The_legacy_resize_goes_through_the_normalisation()
    {
        float[] legacy = Transforms.Vtab(32, interpolation: Interpolation.LegacyBilinear).ReadImage(Wide);
        float[] plain = Transforms.Vtab(32, Normalization.None, Interpolation.LegacyBilinear).ReadImage(Wide);

        Assert.Equal((plain[5] - 0.485f) / 0.229f, legacy[5]);
        Assert.Equal((plain[^1] - 0.406f) / 0.225f, legacy[^1]);
        Assert.InRange(plain.Max(), 0.8f, 1);
        Assert.Equal(
            Transforms.Vtab(32, Normalization.Symmetric, Interpolation.LegacyBilinear),
            Transforms.Vtab(32, interpolation: Interpolation.LegacyBilinear).WithNormalization(Normalization.Symmetric));
    }

    private static Dictionary<string, int> Places()
    {
        var places = new Dictionary<string, int>();
        using PixelImage file = ImageFileReader.Read(Small);
        using PixelImage resized = Resampler.Resize(file, 10, 8, Interpolation.Bilinear);
        var normalize = new ImagePipeline(Normalization.ImageNet).CenterCrop(7);
        for (int place = 0; place < 4 * 2 * 2; place++)
        {
            PixelImage crop = resized.Crop(place / 2 % 4, place / 8, 7, 7);
            if (place % 2 == 1)
                crop.Flip();
            float[] image = new float[normalize.Shape.Floats];
            normalize.Run(crop, image);
            places.Add(Key(image), place);
        }

        return places;
    }

    private static string Key(float[] image) => string.Join(' ', image);

    private static PixelImages Set(ImagePipeline pipeline, string file) =>
        new(new FileStore([new FileEntry(file, 0)], ["only"]), pipeline);
}
