using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>What no array can hold is refused before anything is computed, in words that say how much it is and what to change.</summary>
public sealed class ArrayRoomTests
{
    private const int Classes = 1 << 20;
    private const int Images = 1 << 12;

    private static readonly float[] Pixels = new float[Images];

    [Fact]
    public void Results_of_too_many_images_are_refused_with_their_number()
    {
        using var program = new ManyClasses();

        ArgumentException predicted = Assert.Throws<ArgumentException>(() => Trainer.Predict(program, Pixels));
        ArgumentException embedded = Assert.Throws<ArgumentException>(() => Trainer.Embed(program, Pixels));

        foreach (ArgumentException error in new[] { predicted, embedded })
        {
            Assert.Equal("images", error.ParamName);
            Assert.Contains($"{Images} images give {Classes} floats each", error.Message);
            Assert.Contains("fewer images in a call", error.Message);
        }
    }

    [Fact]
    public void Batches_with_too_many_logits_are_refused()
    {
        using var program = new ManyClasses();
        ImageSet set = ImageSet.FromFloats(
            new ImageShape(1, 1, 1), Pixels, new int[Images], [.. Enumerable.Range(0, Classes).Select(label => $"{label}")]);
        var options = new FitOptions { BatchSize = int.MaxValue, Progress = ProgressDisplay.Off };

        ArgumentException evaluated = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Evaluate(program, set, int.MaxValue));
        ArgumentException trained = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Fit(program, set, null, options));
        ArgumentException validated = Assert.Throws<ArgumentOutOfRangeException>(
            () => Trainer.Fit(program, new Subset(set, [0]), set, options));

        Assert.Equal("batchSize", evaluated.ParamName);
        Assert.Equal("FitOptions.BatchSize", trained.ParamName);
        Assert.Equal("FitOptions.BatchSize", validated.ParamName);
        Assert.Contains($"{Images} images has {Classes} floats for each", evaluated.Message);
    }

    [Theory]
    [InlineData(65536, 65536)]
    [InlineData(3, int.MaxValue)]
    public void Images_too_large_to_slide_windows_over_are_refused(int height, int width)
    {
        using var program = new SoftmaxRegression(3, 3);

        ArgumentException error = Assert.Throws<ArgumentException>(() => new SlidingSegmentation(program, height, width, stride: 1));

        Assert.Contains($"{height} × {width}", error.Message);
    }

    /// <summary>Tells a million classes apart, if it ever comes to that.</summary>
    private sealed class ManyClasses : ModelProgram
    {
        public override ModelDescription Model { get; } = new()
        {
            Name = "Many",
            Declaration = "many classes",
            Channels = 1,
            ImageSize = 1,
            Classes = Classes,
            Parameters = [],
        };

        public override int EmbeddingFloats => Classes;

        public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels) => throw new NotSupportedException();

        public override void Step() => throw new NotSupportedException();

        public override void Infer() => throw new NotSupportedException();

        public override void Update(in OptimizerUpdate update) => throw new NotSupportedException();

        public override void ReadLogits(Span<float> logits) => throw new NotSupportedException();

        public override void ReadLosses(Span<float> losses) => throw new NotSupportedException();

        public override void Read(Slot source, Span<float> destination) => throw new NotSupportedException();

        public override void Write(Slot destination, ReadOnlySpan<float> source) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
