using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Mixing;

namespace VptDsl.Training.Batches;

/// <summary>
/// A training set cut into the steps of each epoch and those into pieces, and what a program makes of a piece. Which images a piece has,
/// how they are changed and what is dropped depends on the options, the epoch, the step and the piece alone: whoever computes it, whenever.
/// </summary>
/// <remarks>Every buffer is allocated here, none in a step.</remarks>
internal sealed class TrainingPieces : IDisposable
{
    private readonly ModelProgram _program;
    private readonly FitOptions _options;
    private readonly EpochOrder _order;
    private readonly BatchFeed _feed;
    private readonly BatchMixer? _mixer;
    private readonly int _batchSize;
    private readonly int _pieceSize;
    // The share of each image's pixels told right, or each image's logits.
    private readonly bool _isOfPixels;
    private readonly float[] _results;
    private readonly float[] _losses;
    private readonly int[] _labels;
    private readonly ImageScore[] _scores;
    private int _labelCount;
    private int _shuffled = -1;

    /// <summary>Prepares to read a set.</summary>
    /// <param name="program">What is trained.</param>
    /// <param name="train">The set, which has been checked.</param>
    /// <param name="options">Batches, pieces and all that changes images.</param>
    /// <param name="cancellation">Ends waiting for an image.</param>
    /// <param name="featureBudget">The bytes that kept features may take; what is used is taken off.</param>
    public TrainingPieces(
        ModelProgram program, IImageSource train, FitOptions options, CancellationToken cancellation, ref long featureBudget)
    {
        _program = program;
        _options = options;
        _batchSize = Math.Min(options.BatchSize, train.Count);
        _pieceSize = Math.Min(options.LargestBatch, _batchSize);
        StepsPerEpoch = (train.Count + _batchSize - 1) / _batchSize;
        _order = new EpochOrder(train.Count, options.Seed);
        _mixer = options.Mixup is { } mixup ? new BatchMixer(mixup, options.Seed, train.Shape) : null;
        bool augments = options.Augmentation.Count > 0 || _mixer is not null || train.IsAugmented();
        long budget = augments ? 0 : featureBudget, before = budget;
        IBatchReader reader = BatchReaders.Open(train, _pieceSize, options.Augmentation, options.Seed, augments: true, cancellation);
        _feed = new BatchFeed(program, train, "training", reader, _pieceSize, ref budget, _mixer);
        featureBudget -= before - budget;
        _isOfPixels = program.Model.IsOfPixels;
        _results = new float[_pieceSize * (_isOfPixels ? 1 : program.TaskClasses)];
        _losses = new float[_pieceSize];
        _labels = new int[_pieceSize * train.LabelsPerImage];
        _scores = new ImageScore[_pieceSize];
    }

    /// <summary>The number of steps in an epoch, a smaller last one included.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The most images of a piece.</summary>
    public int LargestPiece => _pieceSize;

    /// <summary>Whether any step has several pieces.</summary>
    public bool AreSeveral => _pieceSize < _batchSize;

    /// <summary>The images that the program got last, [batch, channels, height, width]; empty where all were kept.</summary>
    public ReadOnlySpan<float> Images => _feed.Images;

    /// <summary>How many of the piece's labels count.</summary>
    public float Counting
    {
        get
        {
            ReadOnlySpan<int> labels = _labels.AsSpan(0, _labelCount);
            return _program.Model.IgnoredLabel is { } ignored ? labels.Length - labels.Count(ignored) : labels.Length;
        }
    }

    /// <summary>Draws an epoch's order, unless it was drawn last.</summary>
    /// <returns>Whether it is another than before.</returns>
    public bool Shuffle(int epoch)
    {
        if (_shuffled == epoch)
            return false;
        _shuffled = epoch;
        _order.Shuffle(epoch, _mixer is not null && AreSeveral ? ArrangePairs : null);
        return true;
    }

    /// <summary>Lets the images of an epoch, from a step on, be read meanwhile.</summary>
    public void Announce(int epoch, int firstStep)
    {
        if (Shuffle(epoch))
            _feed.Announce(_order.Current[Math.Min(firstStep * _batchSize, _order.Current.Length)..], epoch);
    }

    /// <summary>Lets the images of some pieces of each step be read meanwhile, from a step of the epoch drawn last to its end.</summary>
    public void Announce(int firstStep, IReadOnlyList<int> pieces)
    {
        var images = new List<int>();
        for (int step = firstStep; step < StepsPerEpoch; step++)
        {
            foreach (int piece in pieces)
            {
                if (piece < Pieces(step))
                    images.AddRange(PieceOf(step, piece));
            }
        }

        _feed.Announce(images.ToArray(), _shuffled);
    }

    /// <summary>The number of pieces of a step.</summary>
    public int Pieces(int step) => (BatchOf(step).Length + _pieceSize - 1) / _pieceSize;

    /// <summary>Reads a piece's images. The program is left alone.</summary>
    public void Fetch(int step, int piece) => _feed.Fetch(PieceOf(step, piece), _shuffled, step);

    /// <summary>Puts the fetched images into the program.</summary>
    public void Put(int step)
    {
        _program.SoftTargets = TargetsOf(step);
        ReadOnlySpan<int> labels = _feed.Put();
        labels.CopyTo(_labels);
        _labelCount = labels.Length;
    }

    /// <summary>Leaves the piece's gradients on the device.</summary>
    public void Compute(int step, int piece)
    {
        _program.DrawNoise(_options.Seed, (_shuffled * StepsPerEpoch) + step + 1, piece);
        _program.Step();
    }

    /// <summary>Lets the images of the piece after this one be copied to the device while it works.</summary>
    public void StageAfter(int step, int piece)
    {
        if (piece + 1 < Pieces(step))
            _feed.Stage(PieceOf(step, piece + 1), _shuffled, step);
        else
            _feed.Stage(PieceOf(step + 1, 0), _shuffled, step + 1);
    }

    /// <summary>How the program did on each image of the piece, which stays until the next call.</summary>
    public ReadOnlySpan<ImageScore> Score(int step)
    {
        int classes = _program.TaskClasses, images = _labelCount / _program.LabelsOfImage;
        Span<float> losses = _losses.AsSpan(0, images), results = _results.AsSpan(0, images * (_isOfPixels ? 1 : classes));
        _program.ReadLosses(losses);
        if (_isOfPixels)
            _program.ReadCorrect(results);
        else
            _program.ReadLogits(results);
        bool isMultiLabel = _program.Model.IsMultiLabel, isOther = TargetsOf(step).OtherShare > 0.5f;
        for (int i = 0; i < images; i++)
        {
            double correct = _isOfPixels ? (Counts(i) ? results[i] : double.NaN)
                : isMultiLabel ? MultiLabelScores.Compare(Logits(results, i), _labels.AsSpan(i * classes, classes)).Correct
                : ClassScores.Predicted(Logits(results, i)) == _labels[isOther ? images - 1 - i : i] ? 1
                : 0;
            _scores[i] = new ImageScore(losses[i], correct);
        }

        return _scores.AsSpan(0, images);

        ReadOnlySpan<float> Logits(ReadOnlySpan<float> all, int image) => all.Slice(image * classes, classes);

        bool Counts(int image) => _program.Model.IgnoredLabel is not { } ignored
            || _labels.AsSpan(image * _program.LabelsOfImage, _program.LabelsOfImage).ContainsAnyExcept(ignored);
    }

    /// <inheritdoc/>
    public void Dispose() => _feed.Dispose();

    private SoftTargets TargetsOf(int step) =>
        new((float)_options.LabelSmoothing, (float)(_mixer?.Draw(_shuffled, step).OtherShare ?? 0));

    private ReadOnlySpan<int> PieceOf(int step, int piece)
    {
        ReadOnlySpan<int> batch = BatchOf(step);
        int first = Math.Min(piece * _pieceSize, batch.Length);
        return batch.Slice(first, Math.Min(_pieceSize, batch.Length - first));
    }

    /// <summary>The images of a step; none after the epoch's last.</summary>
    private ReadOnlySpan<int> BatchOf(int step)
    {
        ReadOnlySpan<int> order = _order.Current;
        int first = (int)Math.Min((long)step * _batchSize, order.Length);
        return order.Slice(first, Math.Min(_batchSize, order.Length - first));
    }

    private void ArrangePairs(Span<int> order)
    {
        for (int first = 0; first < order.Length; first += _batchSize)
            MirroredPieces.Arrange(order.Slice(first, Math.Min(_batchSize, order.Length - first)), _pieceSize);
    }
}
