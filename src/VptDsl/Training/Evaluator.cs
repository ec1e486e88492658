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
    }

    /// <summary>Runs the whole set through the program.</summary>
    /// <param name="confusion">Counts which class was taken for which, if wanted; where images have label maps it must be there.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <param name="scores">Takes what is told of every class; where images can have several it must be there.</param>
    public RunningMean Run(ConfusionMatrix? confusion, CancellationToken cancellation, MultiLabelScores? scores = null)
    {
        var mean = default(RunningMean);
        _feed.Announce(_indices, epoch: 0);
        for (int first = 0; first < _indices.Length; first += _largestBatch)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> indices = _indices.AsSpan(first, Math.Min(_largestBatch, _indices.Length - first));
            _feed.Fetch(indices, epoch: 0);
            using DeviceTurn turn = _program.TakeTurn();
            ReadOnlySpan<int> labels = _feed.Put();
            _program.Infer();
            if (_isOfPixels)
                ScorePixels(labels, ref mean, confusion!);
            else if (_program.Model.IsMultiLabel)
                ScoreClasses(labels, ref mean, scores!);
            else
                Score(first, labels, ref mean, confusion);
        }

        return mean;
    }

    /// <inheritdoc/>
    public void Dispose() => _feed.Dispose();

    /// <summary>An image at a time, for the logits of a whole batch of maps may be more than an array holds.</summary>
    private void ScorePixels(ReadOnlySpan<int> labels, ref RunningMean mean, ConfusionMatrix confusion)
    {
        int pixels = _program.Model.LabelsPerImage;
        for (int image = 0; image < labels.Length / pixels; image++)
        {
            _program.ReadLogits(image, _logits);
            (double loss, double correct, int counted) = PixelScores.Compare(
                _logits, labels.Slice(image * pixels, pixels), _program.Model.IgnoredLabel, confusion);
            if (counted > 0)
                mean.Add(loss, correct);
        }
    }

    private void ScoreClasses(ReadOnlySpan<int> labels, ref RunningMean mean, MultiLabelScores scores)
    {
        int classes = _program.TaskClasses;
        _program.ReadLogits(_logits.AsSpan(0, labels.Length));
        for (int first = 0; first < labels.Length; first += classes)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(first, classes);
            (double loss, double correct) = MultiLabelScores.Compare(logits, labels.Slice(first, classes));
            mean.Add(loss, correct);
            scores.Add(logits, labels.Slice(first, classes));
        }
    }

    private void Score(int first, ReadOnlySpan<int> labels, ref RunningMean mean, ConfusionMatrix? confusion)
    {
        int classes = _program.TaskClasses;
        _program.ReadLogits(_logits.AsSpan(0, labels.Length * classes));
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(i * classes, classes);
            int predicted = ClassScores.Predicted(logits);
            mean.Add(ClassScores.CrossEntropy(logits, labels[i]), predicted == labels[i]);
            confusion?.Add(labels[i], predicted);
            _ranks?.Add(logits, labels[i]);
            _scored?.Invoke(first + i, labels[i], logits);
        }
    }
}

/// <summary>Takes what a model says of an image.</summary>
/// <param name="index">Its index in the set.</param>
/// <param name="label">Its class.</param>
/// <param name="logits">One for each of the task's classes.</param>
internal delegate void ImageScored(int index, int label, ReadOnlySpan<float> logits);
