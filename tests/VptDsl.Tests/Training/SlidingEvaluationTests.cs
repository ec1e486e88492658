using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>
/// Protects the measure of whole pictures: windows cover each of them, the mean of their logits decides where they overlap, label maps
/// count at their own size, and pixels that are ignored count nowhere.
/// </summary>
public sealed class SlidingEvaluationTests : IDisposable
{
    private const int Ignored = 9;

    private static readonly ImagePipeline Brightness = new ImagePipeline(new Normalization(mean: 0, deviation: 1 / 255f)).CenterCrop(2);

    private readonly string _root = Directory.CreateTempSubdirectory("vptdsl-").FullName;
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly NeighbourProgram _program = new();
    private readonly NeighbourTuner _tuner;

    public SlidingEvaluationTests()
    {
        _tuner = new NeighbourTuner(_device, _program);
        Directory.CreateDirectory(Path.Combine(_root, "images", "test"));
        Directory.CreateDirectory(Path.Combine(_root, "annotations", "test"));
    }

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void A_picture_larger_than_a_window_is_measured_as_counted_by_hand()
    {
        Write("a", 2, 3, [0, 1, 2, /**/ 2, 2, 1], [0, 1, 2, /**/ 2, Ignored, 1]);

        Evaluation measured = _tuner.EvaluateSliding(Read(Brightness), stride: 1);

        // The mean logits: (3,0,0) (1,2,0) (0,2,1) / (0,0,3) (0,0,3) (0,1,2). The middle is in both windows, and the last to come would
        // have said (0,3,0), the first (2,1,0).
        int[] confusion = [1, 0, 0, /**/ 0, 1, 1, /**/ 0, 1, 1];
        Assert.Equal(confusion, Enumerable.Range(0, 9).Select(i => (int)measured.Confusion[i / 3, i % 3]));
        Assert.Equal((1 + (1 / 3.0) + (1 / 3.0)) / 3, measured.MeanIoU!.Value, 1e-15);
        Assert.Equal(3 / 5.0, measured.Accuracy);
        double sure = Math.Log(Math.Exp(3) + 2), unsure = Math.Log(Math.Exp(2) + Math.E + 1);
        Assert.Equal((2 * (sure - 3) + (unsure - 2) + (2 * (unsure - 1))) / 5, measured.MeanLoss, 1e-6);
        Assert.Equal(1, measured.Count);
    }

    [Fact]
    public void Pictures_of_the_models_size_are_measured_as_any_set()
    {
        Write("a", 2, 2, [0, 2, /**/ 1, 1], [0, 0, /**/ Ignored, 2]);
        Write("b", 2, 2, [1, 0, /**/ 2, 2], [1, 2, /**/ 2, 2]);
        Write("c", 2, 2, [1, 1, /**/ 2, 0], [Ignored, Ignored, /**/ Ignored, Ignored]);
        SegmentationImages set = Read(Brightness);

        Evaluation sliding = _tuner.EvaluateSliding(set), plain = _tuner.Evaluate(set);

        Assert.Equal(plain.MeanIoU, sliding.MeanIoU);
        Assert.Equal(plain.Accuracy, sliding.Accuracy);
        Assert.Equal(plain.MeanLoss, sliding.MeanLoss, 1e-12);
        Assert.Equal(plain.Count, sliding.Count);
        Assert.All(Enumerable.Range(0, 9), i => Assert.Equal(plain.Confusion[i / 3, i % 3], sliding.Confusion[i / 3, i % 3]));
        Assert.Equal(7, Enumerable.Range(0, 9).Sum(i => sliding.Confusion[i / 3, i % 3]));
    }

    [Theory]
    [InlineData(true, null, 1)]
    [InlineData(false, 2, 1)]
    [InlineData(false, null, 16)]
    [InlineData(true, 8, 16)]
    public void A_label_map_counts_at_its_own_size_whatever_the_scale(bool pipelineSaysIt, int? shortSide, int windows)
    {
        // The upper half dark and the lower bright: at a quarter of the size, rounded, the same two rows.
        Write(
            "a", 8, 8, [.. Enumerable.Range(0, 64).Select(i => i < 32 ? 0 : 2)], [.. Enumerable.Range(0, 64).Select(i => i < 24 ? 0 : 2)]);
        var whole = new ImagePipeline(Brightness.Normalization);

        Evaluation measured = _tuner.EvaluateSliding(
            Read(pipelineSaysIt ? whole.ResizeShortSide(2).CenterCrop(2) : Brightness), stride: 2, shortSide);

        Assert.Equal(windows, _program.Windows);
        Assert.Equal((24, 8, 32), (measured.Confusion[0, 0], measured.Confusion[2, 0], measured.Confusion[2, 2]));
        Assert.Equal(56 / 64.0, measured.Accuracy);
        Assert.Equal(((24 / 32.0) + (32 / 40.0)) / 2, measured.MeanIoU!.Value, 1e-15);
    }

    [Fact]
    public void A_picture_smaller_than_a_window_is_enlarged()
    {
        Write("a", 1, 3, [2, 2, 2], [2, 1, 2]);
        Evaluation measured = _tuner.EvaluateSliding(Read(Brightness), stride: 2);
        Assert.Equal((2, 1), (measured.Confusion[2, 2], measured.Confusion[1, 2]));
        Assert.Equal(3, _program.Windows);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        Write("a", 2, 3, [0, 1, 2, 2, 2, 1], [0, 1, 2, 2, Ignored, 1]);
        SegmentationImages set = Read(Brightness);
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => _tuner.EvaluateSliding(set, stride: 3));
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => _tuner.EvaluateSliding(set, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>("shortSide", () => _tuner.EvaluateSliding(set, shortSide: 1));
        Assert.Contains(
            "has images of 3 channel(s), but Neighbour takes 1",
            Assert.Throws<ArgumentException>(() => _tuner.EvaluateSliding(Read(Transforms.Vtab(2)))).Message, StringComparison.Ordinal);

        SegmentationImages more = SegmentationFolder.Read(_root, "test", Brightness, ["a", "b", "c", "d"], ignoredLabel: Ignored);
        Assert.Contains(
            "The evaluated set has 4 classes (a, b, c, d), but the head of Neighbour has room for 3: ",
            Assert.Throws<ArgumentException>(() => _tuner.EvaluateSliding(more)).Message, StringComparison.Ordinal);

        SegmentationImages others = SegmentationFolder.Read(_root, "test", Brightness, ["a", "b", "c"], ignoredLabel: 255);
        Write("a", 2, 3, [0, 1, 2, 2, 2, 1], [0, 1, 255, 2, 2, 1]);
        Assert.Contains(
            "a.png has pixels of class 255, but the task of Neighbour has classes 0 to 2 and ignores 9",
            Assert.Throws<ArgumentException>(() => _tuner.EvaluateSliding(others)).Message, StringComparison.Ordinal);

        Write("a", 2, 3, [0, 1, 2, 2, 2, 1], [0, 1, 2, 2], mapWidth: 2);
        Assert.Contains(
            "the label map has 2×2 pixels, but its image has 3×2",
            Assert.Throws<ImageDataException>(() => _tuner.EvaluateSliding(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_a_label_map_may_be_wider_than_its_logits_fit_into_an_array()
    {
        const int side = 1100, classes = 1 << 21;
        int[] labels = new int[side * side];
        Array.Fill(labels, Ignored);
        labels[^1] = 2;
        Write("a", side, side, new int[side * side], labels);
        using var program = new NeighbourProgram(classes);

        var evaluation = new SlidingEvaluation(program, Read(Brightness), stride: 2, shortSide: 2, ["a", "b", "c"]);

        Evaluation measured = evaluation.Run(CancellationToken.None);

        Assert.Equal(1, measured.Confusion[2, 0]);
        Assert.Equal(0, measured.Accuracy);
    }

    [Fact]
    public void Measuring_can_be_cancelled()
    {
        Write("a", 2, 2, [0, 1, 2, 2], [0, 1, 2, 2]);
        Assert.Throws<OperationCanceledException>(() =>
            _tuner.EvaluateSliding(Read(Brightness), cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(0, _program.Windows);
    }

    private SegmentationImages Read(ImagePipeline pipeline) =>
        SegmentationFolder.Read(_root, "test", pipeline, ["a", "b", "c"], ignoredLabel: Ignored);

    private void Write(string name, int height, int width, int[] brightness, int[] labels, int? mapWidth = null)
    {
        new LabelMap(height, width, brightness).SaveLabels(Path.Combine(_root, "images", "test", $"{name}.png"));
        new LabelMap(height, mapWidth ?? width, labels).SaveLabels(Path.Combine(_root, "annotations", "test", $"{name}.png"));
    }

    private sealed class NeighbourTuner(Device device, ModelProgram program) : SegmentationTuner(device, program);

    /// <summary>
    /// Sees classes by brightness in images of 2 × 2 pixels: a pixel's own counts once, and that of the window's left pixel in its row
    /// twice, so that windows disagree where they overlap.
    /// </summary>
    private sealed class NeighbourProgram(int classes = 3) : MeasuredProgram
    {
        private readonly float[] _logits = new float[4 * classes];
        private readonly List<float> _all = [];

        /// <summary>How many windows it saw.</summary>
        public int Windows { get; private set; }

        public override ModelDescription Model { get; } = new()
        {
            Name = "Neighbour",
            Declaration = "neighbour",
            Channels = 1,
            ImageSize = 2,
            Classes = classes,
            LabelsPerImage = 4,
            IgnoredLabel = Ignored,
            Parameters = [],
        };

        public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
        {
            _all.Clear();
            for (int first = 0; first < images.Length; first += 4, Windows++)
            {
                Array.Clear(_logits);
                for (int i = 0; i < 4; i++)
                {
                    _logits[(classes * i) + ClassOf(images[first + i])]++;
                    _logits[(classes * i) + ClassOf(images[first + (i / 2 * 2)])] += 2;
                }

                _all.AddRange(_logits);
            }
        }

        public override void ReadLogits(Span<float> logits) => _all.CopyTo(logits);

        public override void ReadLogits(int image, Span<float> logits) =>
            _all.GetRange(image * _logits.Length, _logits.Length).CopyTo(logits);

        private static int ClassOf(float brightness) => (int)MathF.Round(brightness);
    }
}
