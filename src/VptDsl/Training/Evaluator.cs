using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Batches;

namespace VptDsl.Training;

/// <summary>Measures a program on a set, over and over if need be, with buffers that are allocated once.</summary>
internal sealed class Evaluator : IDisposable
{
    private readonly ModelProgram _program;
    private readonly BatchFeed _feed;
    private readonly int _largestBatch;
    private readonly int[] _indices;
    private readonly bool _isOfPixels;
    private readonly LabelRanks? _ranks;
    private readonly ImageScored? _scored;
    private readonly float[] _logits;
    private readonly ImageScore[] _scores;

    /// <summary>Prepares to measure.</summary>
    /// <param name="program">The program.</param>
    /// <param name="source">The set; it must fit the program, see <see cref="SourceCheck"/>.</param>
    /// <param name="role">What the set is for, as in "the validation set".</param>
    /// <param name="batchSize">Images computed at a time. It changes nothing but time and memory.</param>
    /// <param name="featureBudget">The bytes that kept features may take; what is used is taken off.</param>
    /// <param name="ranks">Counts where an image's class stands among the classes, if wanted; images then have one label.</param>
    /// <param name="scored">Called for each image, if wanted; images then have one label.</param>
    public Evaluator(
        ModelProgram program, IImageSource source, string role, int batchSize, ref long featureBudget, LabelRanks? ranks = null,
        ImageScored? scored = null)
    {
        (_ranks, _scored) = (ranks, scored);
        _program = program;
        int largest = Math.Min(batchSize, source.Count);
        _largestBatch = largest;
        _indices = [.. Enumerable.Range(0, source.Count)];
        IBatchReader reader = BatchReaders.Open(source, largest, transforms: [], seed: 0, augments: false);
        _feed = new BatchFeed(program, source, role, reader, largest, ref featureBudget);
        _isOfPixels = program.Model.IsOfPixels;
        _logits = new float[checked((_isOfPixels ? program.Model.LabelsPerImage : largest) * program.TaskClasses)];
        _scores = new ImageScore[largest];
    }

    /// <summary>The number of batches that the set is measured in.</summary>
    public int Batches => (_indices.Length + _largestBatch - 1) / _largestBatch;

    /// <summary>The most images of a batch.</summary>
    public int LargestBatch => _largestBatch;

    /// <summary>Runs the whole set through the program.</summary>
    /// <param name="confusion">Counts which class was taken for which, if wanted; where images have label maps it must be there.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <param name="scores">Takes what is told of every class; where images can have several it must be there.</param>
    public RunningMean Run(ConfusionMatrix? confusion, CancellationToken cancellation, MultiLabelScores? scores = null)
    {
        var mean = default(RunningMean);
        _feed.Announce(_indices, epoch: 0);
        for (int batch = 0; batch < Batches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ImageScore score in Score(batch, confusion, scores))
                mean.Add(score);
        }

        return mean;
    }

    /// <summary>Lets the images of some batches be read meanwhile.</summary>
    public void Announce(IEnumerable<int> batches) =>
        _feed.Announce(batches.SelectMany(batch => IndicesOf(batch).ToArray()).ToArray(), epoch: 0);

    /// <summary>Runs a batch through the program.</summary>
    /// <param name="batch">Its number, from 0.</param>
    /// <param name="confusion">As for <see cref="Run"/>.</param>
    /// <param name="scores">As for <see cref="Run"/>.</param>
    /// <returns>How the model did on each image of which anything counts, until the next call.</returns>
    public ReadOnlySpan<ImageScore> Score(int batch, ConfusionMatrix? confusion, MultiLabelScores? scores = null)
    {
        _feed.Fetch(IndicesOf(batch), epoch: 0);
        using DeviceTurn turn = _program.TakeTurn();
        ReadOnlySpan<int> labels = _feed.Put();
        _program.Infer();
        return _isOfPixels ? ScorePixels(labels, confusion!)
            : _program.Model.IsMultiLabel ? ScoreClasses(labels, scores!)
            : ScoreImages(batch * _largestBatch, labels, confusion);
    }

    /// <inheritdoc/>
    public void Dispose() => _feed.Dispose();

    private ReadOnlySpan<int> IndicesOf(int batch)
    {
        int first = batch * _largestBatch;
        return _indices.AsSpan(first, Math.Min(_largestBatch, _indices.Length - first));
    }

    /// <summary>An image at a time, for the logits of a whole batch of maps may be more than an array holds.</summary>
    private ReadOnlySpan<ImageScore> ScorePixels(ReadOnlySpan<int> labels, ConfusionMatrix confusion)
    {
        int pixels = _program.Model.LabelsPerImage, scored = 0;
        for (int image = 0; image < labels.Length / pixels; image++)
        {
            _program.ReadLogits(image, _logits);
            (double loss, double correct, int counted) = PixelScores.Compare(
                _logits, labels.Slice(image * pixels, pixels), _program.Model.IgnoredLabel, confusion);
            if (counted > 0)
                _scores[scored++] = new ImageScore(loss, correct);
        }

        return _scores.AsSpan(0, scored);
    }

    private ReadOnlySpan<ImageScore> ScoreClasses(ReadOnlySpan<int> labels, MultiLabelScores scores)
    {
        int classes = _program.TaskClasses, images = labels.Length / classes;
        _program.ReadLogits(_logits.AsSpan(0, labels.Length));
        for (int i = 0; i < images; i++)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(i * classes, classes);
            ReadOnlySpan<int> has = labels.Slice(i * classes, classes);
            (double loss, double correct) = MultiLabelScores.Compare(logits, has);
            _scores[i] = new ImageScore(loss, correct);
            scores.Add(logits, has);
        }

        return _scores.AsSpan(0, images);
    }

    private ReadOnlySpan<ImageScore> ScoreImages(int first, ReadOnlySpan<int> labels, ConfusionMatrix? confusion)
    {
        int classes = _program.TaskClasses;
        _program.ReadLogits(_logits.AsSpan(0, labels.Length * classes));
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(i * classes, classes);
            int predicted = ClassScores.Predicted(logits);
            _scores[i] = new ImageScore(ClassScores.CrossEntropy(logits, labels[i]), predicted == labels[i] ? 1 : 0);
            confusion?.Add(labels[i], predicted);
            _ranks?.Add(logits, labels[i]);
            _scored?.Invoke(first + i, labels[i], logits);
        }

        return _scores.AsSpan(0, labels.Length);
    }
}

/// <summary>Takes what a model says of an image.</summary>
/// <param name="index">Its index in the set.</param>
/// <param name="label">Its class.</param>
/// <param name="logits">One for each of the task's classes.</param>
internal delegate void ImageScored(int index, int label, ReadOnlySpan<float> logits);
