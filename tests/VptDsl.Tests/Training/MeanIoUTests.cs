using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>
/// Protects the measure of segmentation: mIoU is that of a confusion counted by hand, and pixels that are ignored count nowhere.
/// </summary>
public sealed class MeanIoUTests
{
    private const int Ignored = 9;

    [Fact]
    public void Intersection_and_union_are_those_counted_by_hand()
    {
        ConfusionMatrix confusion = Count(4, [(0, 0, 5), (0, 1, 2), (1, 1, 3), (1, 0, 1), (0, 2, 1)]);

        // Class 2 was given once and never right, class 3 occurs neither as label nor as prediction.
        Assert.Equal(5 / 9.0, confusion.IntersectionOverUnion(0));
        Assert.Equal(3 / 6.0, confusion.IntersectionOverUnion(1));
        Assert.Equal(0, confusion.IntersectionOverUnion(2));
        Assert.True(double.IsNaN(confusion.IntersectionOverUnion(3)));
        Assert.Equal(((5 / 9.0) + 0.5 + 0) / 3, confusion.MeanIntersectionOverUnion, 1e-15);
        Assert.Equal(8 / 12.0, confusion.Accuracy);
        Assert.Throws<ArgumentOutOfRangeException>(() => confusion.IntersectionOverUnion(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => confusion.IntersectionOverUnion(-1));
    }

    [Fact]
    public void Classes_that_are_never_given_lower_the_mean_and_those_that_never_occur_do_not()
    {
        Assert.Equal(0.25, Count(3, [(0, 0, 2), (1, 0, 2)]).MeanIntersectionOverUnion);
        Assert.Equal(1, Count(3, [(2, 2, 4)]).MeanIntersectionOverUnion);
        Assert.True(double.IsNaN(Count(3, []).MeanIntersectionOverUnion));
    }

    [Fact]
    public void Pixels_that_are_ignored_count_neither_as_label_nor_as_prediction()
    {
        var confusion = new ConfusionMatrix(3);
        float[] logits = [.. new[] { 0, 1, 2, 2, 1 }.SelectMany(OneHot)];

        (double loss, double correct, int counted) = PixelScores.Compare(logits, [0, 1, Ignored, 1, Ignored], Ignored, confusion);

        Assert.Equal(3, counted);
        Assert.Equal(2 / 3.0, correct);
        double right = Math.Log(Math.E + 2) - 1, wrong = Math.Log(Math.E + 2);
        Assert.Equal(((2 * right) + wrong) / 3, loss, 1e-6);
        Assert.Equal([1, 0, 0, 0, 1, 1, 0, 0, 0], Enumerable.Range(0, 9).Select(i => confusion[i / 3, i % 3]));
        Assert.Equal(default, PixelScores.Compare(logits, [Ignored, Ignored, Ignored, Ignored, Ignored], Ignored, confusion));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_set_is_measured_over_all_its_pixels_at_once(int batchSize)
    {
        // The model takes a pixel's brightness for its class. The last image has no pixel that counts.
        byte[] found = [0, 0, 1, 1, /**/ 2, 2, 2, 0, /**/ 1, 0, 1, 0];
        byte[] truth = [0, 0, 1, 0, /**/ 2, Ignored, 0, 0, /**/ Ignored, Ignored, Ignored, Ignored];
        SegmentationSet set = SegmentationSet.FromBytes(
            new(1, 2, 2), found, truth, ["a", "b", "c"], new Normalization(mean: 0, deviation: 1 / 255f));
        using var program = new BrightnessProgram();

        Evaluation measured = Trainer.Evaluate(program, set, batchSize);

        // Of class 0: 3 of 5, of 1: 1 of 2, of 2: 1 of 2.
        Assert.Equal((0.6 + 0.5 + 0.5) / 3, measured.MeanIoU!.Value, 1e-15);
        Assert.Equal(5 / 7.0, measured.Accuracy);
        Assert.Equal(3, measured.Count);
        Assert.Equal(7, Enumerable.Range(0, 9).Sum(i => measured.Confusion[i / 3, i % 3]));
    }

    [Fact]
    public void A_set_in_which_nothing_counts_has_no_measure()
    {
        SegmentationSet set = SegmentationSet.FromBytes(
            new(1, 2, 2), [0, 1, 2, 0], [Ignored, Ignored, Ignored, Ignored], ["a", "b", "c"], new Normalization(0, 1));
        using var program = new BrightnessProgram();

        Evaluation measured = Trainer.Evaluate(program, set);

        Assert.Equal((double.NaN, double.NaN, double.NaN), (measured.MeanIoU, measured.Accuracy, measured.MeanLoss));
    }

    [Fact]
    public void A_validation_set_in_which_nothing_counts_is_no_divergence()
    {
        SegmentationSet train = Set([0, 1, 2, 0]), validation = Set([Ignored, Ignored, Ignored, Ignored]);
        using var program = new BrightnessProgram();
        var options = new FitOptions { Epochs = 2, Progress = ProgressDisplay.Off };

        string message = Assert.Throws<ArgumentException>(() => Trainer.Fit(program, train, validation, options)).Message;

        Assert.StartsWith($"No pixel of the validation set counts: the label of each is {Ignored}, which is ignored.", message);

        static SegmentationSet Set(byte[] labels) =>
            SegmentationSet.FromBytes(new(1, 2, 2), [0, 1, 2, 0], labels, ["a", "b", "c"], new Normalization(0, 1));
    }

    /// <summary>A model that is right of all that counts is right, however many crops show nothing that does.</summary>
    [Fact]
    public void An_image_in_which_nothing_counts_is_not_told_wrong_in_training()
    {
        SegmentationSet set = SegmentationSet.FromBytes(
            new(1, 2, 2), new byte[12], [0, 1, 2, 0, /**/ Ignored, Ignored, Ignored, Ignored, /**/ 0, 0, Ignored, 1], ["a", "b", "c"],
            new Normalization(0, 1));
        using var program = new BrightnessProgram();

        FitReport report = Trainer.Fit(program, set, validation: null, new FitOptions { Epochs = 1, Progress = ProgressDisplay.Off });

        Assert.Equal(0.75, report.Epochs.Single().TrainAccuracy);
    }

    private static ConfusionMatrix Count(int classes, (int Actual, int Predicted, int Times)[] counts)
    {
        var confusion = new ConfusionMatrix(classes);
        foreach ((int actual, int predicted, int times) in counts)
        {
            for (int i = 0; i < times; i++)
                confusion.Add(actual, predicted);
        }

        return confusion;
    }

    private static float[] OneHot(int label) => [.. Enumerable.Range(0, 3).Select(c => c == label ? 1f : 0f)];

    /// <summary>Tells apart three classes of pixels, images of 2 × 2 of them, by their brightness alone.</summary>
    private sealed class BrightnessProgram : MeasuredProgram
    {
        private float[] _logits = [];
        private float[] _correct = [];

        public override ModelDescription Model { get; } = new()
        {
            Name = "Brightness",
            Declaration = "brightness",
            Channels = 1,
            ImageSize = 2,
            Classes = 3,
            LabelsPerImage = 4,
            IgnoredLabel = Ignored,
            Parameters = [],
        };

        public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
        {
            _logits = [.. images.ToArray().SelectMany(brightness => OneHot((int)MathF.Round(brightness)))];
            _correct = [.. labels.ToArray().Chunk(4).Select(map => map.All(label => label == Ignored) ? 0 : 0.75f)];
        }

        public override void Step()
        {
        }

        public override void Update(in OptimizerUpdate update)
        {
        }

        public override void Read(Slot source, Span<float> destination) => destination.Clear();

        public override void Write(Slot destination, ReadOnlySpan<float> source)
        {
        }

        public override void ReadLosses(Span<float> losses) => losses.Clear();

        public override void ReadCorrect(Span<float> correct) => _correct.CopyTo(correct);

        public override void ReadLogits(Span<float> logits) => _logits.CopyTo(logits);

        public override void ReadLogits(int image, Span<float> logits) => _logits.AsSpan(image * 12, 12).CopyTo(logits);
    }
}
