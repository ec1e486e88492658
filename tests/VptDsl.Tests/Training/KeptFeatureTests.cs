using VptDsl.Data;
using VptDsl.Tests.Weights;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Protects a run that keeps features from labels that cannot be read any more: it is saved as after any other error.</summary>
public sealed class KeptFeatureTests : IDisposable
{
    private const int Batch = 6, Piece = 2;

    private static readonly ImageSet Images = ToySets.BrightRows(24, seed: 1);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(13)]
    public void A_run_whose_labels_go_in_the_middle_of_a_step_is_saved(int readable)
    {
        (float[] expected, int all) = Fit("whole.checkpoint", new LostLabels(Images));
        var lost = new LostLabels(Images);

        Assert.Throws<DeathException>(() => Fit("run.checkpoint", lost, completed: () => lost.Readable = readable));
        (float[] resumed, int rest) = Fit("run.checkpoint", new LostLabels(Images));

        Assert.Equal(expected, resumed);
        int steps = (Images.Count / Batch) + (readable / Batch);
        Assert.Equal(all - (steps * Batch / Piece), rest);
    }

    /// <returns>What was learned, and in how many pieces of batches.</returns>
    private (float[] Learned, int Pieces) Fit(string checkpoint, IImageSource train, Action? completed = null)
    {
        using var program = new SoftmaxRegression(3, 3) { HasFeatures = true };
        Trainer.Fit(program, train, validation: null, new FitOptions
        {
            Epochs = 3,
            BatchSize = Batch,
            MicroBatchSize = Piece,
            Progress = ProgressDisplay.Off,
            Checkpoint = new Checkpoint(_folder.Path(checkpoint)) { EverySteps = 1000 },
            EpochCompleted = _ => completed?.Invoke(),
        });
        return ([.. program.Trained], program.Batches.Count);
    }

    /// <summary>Images whose labels can be read so many times yet.</summary>
    private sealed class LostLabels(ImageSet images) : IImageSource
    {
        private int _readable = int.MaxValue;

        public int Readable
        {
            set => _readable = value;
        }

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int Label(int index) => images.Label(index);

        public void CopyLabels(int index, Span<int> labels)
        {
            if (Interlocked.Decrement(ref _readable) < 0)
                throw new DeathException();
            labels[0] = images.Label(index);
        }

        public void CopyImage(int index, Span<float> destination) => images.CopyImage(index, destination);
    }
}
