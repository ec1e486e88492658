using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// Protects what a trained segmenter is used for: the class of each pixel is the most probable one, windows that overlap agree by the mean
/// of their logits, pictures come back at their own size, and the measured mIoU is that of the classes that are given out.
/// </summary>
public sealed class SegmentTests : IDisposable
{
    private const int Size = 12, Channels = 3, Classes = 4, Ignored = 255;

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly ColourSegmenter _tuner;
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-").FullName;

    public SegmentTests()
    {
        _tuner = ColourSegmenter.Create(_device, seed: 4);

        // A fresh decoder finds all classes almost equal.
        var random = new Random(5);
        float[] values = _tuner.Trained();
        foreach (ref float value in values.AsSpan())
            value += (float)(random.NextDouble() - 0.5);
        _tuner.Compiled.Write(new(Programs.Region.Trained, 0), values);
    }

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_pixel_of_one_window_has_its_most_probable_class()
    {
        float[] image = Draw(Size, Size);
        LabelMap map = _tuner.Segment(image);
        Assert.Equal((Size, Size), (map.Height, map.Width));
        Assert.Equal(_tuner.Predict(image).Chunk(Classes).Select(p => Array.IndexOf(p, p.Max())), map.Labels.ToArray());
        Assert.True(map.Labels.ToArray().Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(12, 12, 12)]
    [InlineData(24, 36, 12)]
    [InlineData(20, 31, 5)]
    [InlineData(13, 24, 12)]
    [InlineData(30, 12, 7)]
    [InlineData(17, 14, 1)]
    public void The_mean_of_the_logits_decides_where_windows_overlap(int height, int width, int stride)
    {
        float[] image = Draw(height, width);
        int[] expected = ByEveryWindow(image, height, width, stride);
        LabelMap map = _tuner.Segment(image, height, width, stride);
        Assert.Equal((height, width), (map.Height, map.Width));
        Assert.Equal(expected, map.Labels.ToArray());
    }

    [Fact]
    public void The_stride_matters()
    {
        float[] image = Draw(24, 24);
        Assert.NotEqual(_tuner.Segment(image, 24, 24, 12).Labels.ToArray(), _tuner.Segment(image, 24, 24, 4).Labels.ToArray());
    }

    [Theory]
    [InlineData(11, 12)]
    [InlineData(40, 5)]
    public void An_image_smaller_than_a_window_is_refused(int height, int width)
    {
        var error = Assert.Throws<ArgumentException>(() => _tuner.Segment(new float[Channels * height * width], height, width, 4));
        Assert.Contains(
            $"slides windows of 12 × 12 pixels over an image, but this one has {height} × {width}: enlarge it first",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_that_are_not_the_image_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => _tuner.Segment(new float[100], 20, 31, 5));
        Assert.Contains("An image of 3 × 20 × 31 has 1860 floats, not 100.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => _tuner.Segment(new float[2 * Channels * Size * Size]));
        Assert.Contains("An image of 3 × 12 × 12 has 432 floats, not 864.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(13)]
    public void A_stride_that_leaves_gaps_or_does_not_move_is_refused(int stride) =>
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => _tuner.Segment(new float[Channels * 20 * 20], 20, 20, stride));

    [Theory]
    [InlineData(null, 8)]
    [InlineData(5, 5)]
    public void A_picture_is_normalised_and_slid_over(int? stride, int expectedStride)
    {
        _tuner.Pipeline = new ImagePipeline(Normalization.ImageNet).CenterCrop(Size);
        (string path, float[] pixels) = Picture(20, 31);
        Assert.Equal(_tuner.Segment(pixels, 20, 31, expectedStride).Labels.ToArray(), _tuner.Segment(path, stride).Labels.ToArray());
    }

    [Theory]
    [InlineData(7, 9, null)]
    [InlineData(20, 31, 15)]
    [InlineData(14, 13, 26)]
    public void The_map_has_the_pictures_own_size_at_any_scale(int height, int width, int? shortSide)
    {
        _tuner.Pipeline = new ImagePipeline(Normalization.ImageNet).CenterCrop(Size);
        LabelMap map = _tuner.Segment(Picture(height, width).Path, shortSide: shortSide);
        Assert.Equal((height, width), (map.Height, map.Width));
        Assert.True(map.Labels.ToArray().Distinct().Count() > 1);
    }

    [Fact]
    public void What_a_file_needs_is_said()
    {
        string path = Picture(20, 31).Path;
        var error = Assert.Throws<InvalidOperationException>(() => _tuner.Segment(path));
        Assert.Contains(
            "ColourSegmenter has no pipeline that says how images are normalised: set Pipeline", error.Message, StringComparison.Ordinal);

        _tuner.Pipeline = new ImagePipeline(Normalization.ImageNet).CenterCrop(Size);
        Assert.Throws<ArgumentOutOfRangeException>("shortSide", () => _tuner.Segment(path, shortSide: 11));
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => _tuner.Segment(path, stride: 13));
        string missing = Path.Combine(_folder, "missing.jpg");
        Assert.StartsWith(missing, Assert.Throws<ImageDataException>(() => _tuner.Segment(missing)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Measures_are_those_of_the_classes_given_out(int batchSize)
    {
        var random = new Random(7);
        byte[] pixels = new byte[3 * Channels * Size * Size], labels = new byte[3 * Size * Size];
        random.NextBytes(pixels);
        foreach (ref byte label in labels.AsSpan())
            label = random.Next(5) is < 3 and var drawn ? (byte)drawn : (byte)Ignored;
        SegmentationSet set = SegmentationSet.FromBytes(
            new(Channels, Size, Size), pixels, labels, ["a", "b", "c", "d"], Normalization.ImageNet);
        Evaluation measured = _tuner.Evaluate(set, batchSize);

        long[] both = new long[Classes], either = new long[Classes];
        for (int i = 0; i < set.Count; i++)
        {
            float[] image = new float[set.Shape.Floats];
            set.CopyImage(i, image);
            LabelMap found = _tuner.Segment(image), truth = set.LabelMap(i);
            for (int p = 0; p < Size * Size; p++)
            {
                (int actual, int given) = (truth.Labels[p], found.Labels[p]);
                if (actual == Ignored)
                    continue;
                either[actual]++;
                if (given == actual)
                    both[actual]++;
                else
                    either[given]++;
            }
        }

        double[] shares = [.. Enumerable.Range(0, Classes).Where(c => either[c] > 0).Select(c => both[c] / (double)either[c])];
        Assert.Equal(shares.Average(), measured.MeanIoU!.Value, 1e-12);
        Assert.Equal(both.Sum() / (double)labels.Count(label => label != Ignored), measured.Accuracy, 1e-12);
        Assert.All(
            Enumerable.Range(0, Classes), c => Assert.Equal(both[c] / (double)either[c], measured.Confusion.IntersectionOverUnion(c)));
    }

    [Fact]
    public void Whole_pictures_of_the_models_size_are_measured_as_any_set()
    {
        SegmentationImages set = Pictures(
            [(Size, Size), (Size, Size), (Size, Size)], new ImagePipeline(Normalization.ImageNet).CenterCrop(Size));
        Evaluation plain = _tuner.Evaluate(set), sliding = _tuner.EvaluateSliding(set);
        Assert.Equal(plain.MeanIoU, sliding.MeanIoU);
        Assert.Equal(plain.Accuracy, sliding.Accuracy);
        Assert.Equal(plain.MeanLoss, sliding.MeanLoss, 1e-6);
        Assert.Equal(CountsOf(plain.Confusion), CountsOf(sliding.Confusion));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(5, null, null)]
    [InlineData(7, 15, null)]
    [InlineData(null, null, 14)]
    public void Whole_pictures_are_measured_by_the_classes_given_out(int? stride, int? shortSide, int? pipelineShortSide)
    {
        ImagePipeline pipeline = new(Normalization.ImageNet);
        SegmentationImages set = Pictures(
            [(20, 31), (7, 9), (26, 13), (Size, Size)],
            (pipelineShortSide is { } side ? pipeline.ResizeShortSide(side) : pipeline).CenterCrop(Size));

        Evaluation measured = _tuner.EvaluateSliding(set, stride, shortSide);

        _tuner.Pipeline = set.Pipeline;
        long[] expected = new long[Classes * Classes];
        for (int i = 0; i < set.Count; i++)
        {
            LabelMap found = _tuner.Segment(set.FilesOf(i).Image, stride, shortSide ?? pipelineShortSide), truth = set.ReadLabelMap(i);
            foreach ((int actual, int given) in truth.Labels.ToArray().Zip(found.Labels.ToArray()).Where(pair => pair.First != Ignored))
                expected[(actual * Classes) + given]++;
        }

        Assert.Equal(expected, CountsOf(measured.Confusion));
        Assert.Equal(set.Count, measured.Count);
        Assert.Equal(measured.Confusion.MeanIntersectionOverUnion, measured.MeanIoU);
    }

    [Fact]
    public void A_batch_in_which_no_pixel_counts_teaches_nothing()
    {
        int[] labels = new int[2 * Size * Size];
        Array.Fill(labels, Ignored);
        _tuner.Compiled.SetBatch([.. Draw(Size, Size), .. Draw(Size, Size)], labels);
        _tuner.Compiled.Step();
        Assert.All(_tuner.Losses(2), loss => Assert.Equal(0, loss));
        Assert.All(_tuner.Gradients(), gradient => Assert.Equal(0, gradient));
    }

    /// <summary>Every pixel by itself, from all windows that cover it.</summary>
    private int[] ByEveryWindow(float[] image, int height, int width, int stride)
    {
        double[] sums = new double[height * width * Classes];
        foreach (int top in Places(height, stride))
        {
            foreach (int left in Places(width, stride))
            {
                float[] logits = _tuner.Infer(Window(image, height, width, top, left));
                for (int i = 0; i < logits.Length; i++)
                {
                    int pixel = i / Classes, y = top + (pixel / Size), x = left + (pixel % Size);
                    sums[(((y * width) + x) * Classes) + (i % Classes)] += logits[i];
                }
            }
        }

        // All classes of a pixel have been added equally often.
        return [.. sums.Chunk(Classes).Select(s => Array.IndexOf(s, s.Max()))];
    }

    private static IEnumerable<int> Places(int side, int stride) =>
        Enumerable.Range(0, side).Where(start => (start % stride == 0 && start + Size < side) || start + Size == side);

    private static float[] Window(float[] image, int height, int width, int top, int left)
    {
        float[] window = new float[Channels * Size * Size];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                    window[(((channel * Size) + y) * Size) + x] = image[(((channel * height) + top + y) * width) + left + x];
            }
        }

        return window;
    }

    private static float[] Draw(int height, int width)
    {
        var random = new Random((height * 100) + width);
        return [.. Enumerable.Range(0, Channels * height * width).Select(_ => (random.NextSingle() * 4) - 2)];
    }

    private static long[] CountsOf(ConfusionMatrix confusion) =>
        [.. Enumerable.Range(0, Classes * Classes).Select(i => confusion[i / Classes, i % Classes])];

    /// <summary>A folder of random pictures with random label maps, some of their pixels without a class.</summary>
    private SegmentationImages Pictures((int Height, int Width)[] sizes, ImagePipeline pipeline)
    {
        string images = Directory.CreateDirectory(Path.Combine(_folder, "images", "test")).FullName;
        string maps = Directory.CreateDirectory(Path.Combine(_folder, "annotations", "test")).FullName;
        var random = new Random(11);
        for (int i = 0; i < sizes.Length; i++)
        {
            (int height, int width) = sizes[i];
            Draw(256).SavePicture(Path.Combine(images, $"{i}.png"));
            Draw(Classes + 1, Ignored).SaveLabels(Path.Combine(maps, $"{i}.png"));

            LabelMap Draw(int values, int? last = null) => new(
                height, width,
                [.. Enumerable.Range(0, height * width).Select(_ => random.Next(values) is var v && v == values - 1 ? last ?? v : v)]);
        }

        return SegmentationFolder.Read(_folder, "test", pipeline, ["a", "b", "c", "d"]);
    }

    /// <summary>A PNG file of random colours, and its pixels as ImageNet's models take them.</summary>
    private (string Path, float[] Pixels) Picture(int height, int width)
    {
        var random = new Random(height + width);
        int[] colours = [.. Enumerable.Range(0, height * width).Select(_ => random.Next(256))];
        string path = Path.Combine(_folder, $"{height}x{width}.png");
        new LabelMap(height, width, colours).SavePicture(path);
        float[] pixels = new float[Channels * height * width];
        for (int i = 0; i < colours.Length; i++)
        {
            (byte red, byte green, byte blue) = LabelMap.ColourOf(colours[i]);
            byte[] levels = [red, green, blue];
            for (int channel = 0; channel < Channels; channel++)
                pixels[(channel * colours.Length) + i] = Normalization.ImageNet.Apply(channel, levels[channel] / 255f);
        }

        return (path, pixels);
    }
}
