using SkiaSharp;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Tests.Training;
using VptDsl.Training;

namespace VptDsl.Tests.Data;

/// <summary>A camera's orientation is ignored, as Pillow ignores it, and said; a pipeline that is told to turns images upright.</summary>
public sealed class OrientationTests : IDisposable
{
    // What is red, green, blue and white in the file, from the upper left corner to the lower right.
    private const string Stored = "RGBW";

    private static readonly ImagePipeline Pipeline = new(Normalization.None);

    private readonly ImageTree _tree = new();

    public void Dispose() => _tree.Dispose();

    // EXIF's table: which edge of the picture the first row and the first column of the file are.
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void Each_orientation_is_turned_upright_where_the_pipeline_says_so(byte orientation, string upright)
    {
        _tree.File("a.jpg", Jpeg(orientation));

        Assert.Equal(Stored, Quadrants(Pipeline));
        Assert.Equal(upright, Quadrants(Pipeline.Upright()));
        bool swaps = orientation > 4;
        Assert.Equal(swaps ? (32, 64) : (64, 32), ImageFileReader.SizeOf(_tree.Path("a.jpg"), upright: true));
        Assert.Equal((64, 32), ImageFileReader.SizeOf(_tree.Path("a.jpg"), upright: false));
    }

    [Fact]
    public void Files_sets_bytes_and_streams_are_turned_alike()
    {
        _tree.File("set/a/1.jpg", Jpeg(6));
        ImagePipeline pipeline = new ImagePipeline(Normalization.None).Resize(8).Upright();
        float[] expected = pipeline.ReadImage(_tree.Path("set/a/1.jpg")), ofSet = new float[expected.Length];
        ImageFolder.Read(_tree.Path("set"), pipeline).CopyImage(0, ofSet);
        using var stream = new MemoryStream(Jpeg(6));

        Assert.NotEqual(expected, new ImagePipeline(Normalization.None).Resize(8).ReadImage(Jpeg(6)));
        Assert.Equal(expected, ofSet);
        Assert.Equal(expected, pipeline.ReadImage(Jpeg(6)));
        Assert.Equal(expected, pipeline.ReadImage(stream));
    }

    [Fact]
    public void The_option_is_a_word_of_the_pipelines_text_and_older_texts_have_it_not()
    {
        ImagePipeline pipeline = new ImagePipeline(Normalization.None).RandomCrop(8).Upright();

        Assert.Equal("upright | random-crop 8 | normalize 0 0 0 / 1 1 1", pipeline.ToString());
        Assert.Equal(pipeline, ImagePipeline.Parse(pipeline.ToString()));
        Assert.True(ImagePipeline.Parse(pipeline.ToString()).TurnsUpright);
        Assert.True(pipeline.WithoutChance().TurnsUpright);
        Assert.True(pipeline.WithNormalization(Normalization.ImageNet).TurnsUpright);
        Assert.False(ImagePipeline.Parse("center-crop 8 | normalize 0 0 0 / 1 1 1").TurnsUpright);
    }

    [Fact]
    public void A_fit_says_once_how_many_orientations_it_ignored()
    {
        for (byte i = 1; i <= 3; i++)
            _tree.File($"a/{i}.jpg", Jpeg(i)).File($"b/{i}.jpg", Jpeg(1));

        string warning = Assert.Single(Fit(upright: false).Warnings, warning => warning.Contains("orientation", StringComparison.Ordinal));
        Assert.StartsWith("2 of the images carry", warning, StringComparison.Ordinal);
        Assert.Contains(_tree.Path("a/2.jpg"), warning, StringComparison.Ordinal);
        Assert.Contains("pipeline.Upright()", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(Fit(upright: true).Warnings, warning => warning.Contains("orientation", StringComparison.Ordinal));
    }

    [Fact]
    public void A_label_map_belongs_to_the_upright_image_where_images_are_turned()
    {
        _tree.File("images/all/a.jpg", Jpeg(6)).Images("annotations/all/a.png");
        new LabelMap(64, 32, new int[64 * 32]).SaveLabels(_tree.Path("annotations/all/a.png"));
        SegmentationImages ignored = SegmentationFolder.Read(_tree.Root, "all", Pipeline.Resize(8), ["x"]);
        int[] labels = new int[64];

        ignored.With(Pipeline.Resize(8).Upright()).CopyLabels(0, labels);
        var random = new RandomStream(1);
        ignored.With(Pipeline.Resize(8).Upright()).CopyAugmented(0, new float[3 * 64], labels, ref random);
        string message = Assert.Throws<ImageDataException>(() => ignored.CopyLabels(0, labels)).Message;
        Assert.Contains("the label map has 32×64 pixels, but its image has 64×32", message, StringComparison.Ordinal);
    }

    private FitReport Fit(bool upright)
    {
        using var program = new SoftmaxRegression(3, 2);
        ImagePipeline pipeline = new ImagePipeline(new Normalization(0.4f, 0.3f)).Resize(3);
        PixelImages set = ImageFolder.Read(_tree.Root, upright ? pipeline.Upright() : pipeline);
        return Trainer.Fit(
            program, new Subset(set, [0, 1, 3]), new Subset(set, [2, 4, 5]), new FitOptions { Epochs = 3, Progress = ProgressDisplay.Off });
    }

    private string Quadrants(ImagePipeline pipeline)
    {
        using PixelImage image = pipeline.Turn(ImageFileReader.Read(_tree.Path("a.jpg")));
        char Colour(int x, int y) => image.Row(y).Slice(x * PixelImage.PixelBytes, 3) switch
        {
            [> 128, > 128, > 128] => 'W',
            [> 128, _, _] => 'R',
            [_, > 128, _] => 'G',
            _ => 'B',
        };
        int left = image.Width / 4, right = image.Width - left, top = image.Height / 4, bottom = image.Height - top;
        return string.Concat(Colour(left, top), Colour(right, top), Colour(left, bottom), Colour(right, bottom));
    }

    /// <summary>64 × 32 pixels in four colours.</summary>
    private static byte[] Jpeg(byte orientation)
    {
        using var bitmap = new SKBitmap(64, 32);
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White];
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, colours[(y / 16 * 2) + (x / 32)]);
        }

        using SKData encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        // Right behind the start: an EXIF segment with the orientation alone.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        byte[] jpeg = encoded.ToArray();
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
