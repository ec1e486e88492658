using System.Runtime.ExceptionServices;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Mixing;

namespace VptDsl.Training.Batches;

/// <summary>
/// Puts batches into a program, and keeps what its frozen layers made of each image: from the second time on, an image costs only the
/// layers above them.
/// </summary>
/// <remarks>Images beyond the budget, and images that augmentation makes new each time, are computed each time.</remarks>
internal sealed class BatchFeed : IDisposable
{
    private readonly ModelProgram _program;
    private readonly IBatchReader _reader;
    private readonly ImageShape _shape;
    private readonly string _set;
    private readonly int _featureFloats;
    private readonly float[]?[] _features;
    private readonly int[] _indices;
    private readonly int[] _missing;
    private readonly float[] _batch;
    private readonly float[] _fresh;
    private readonly BatchMixer? _mixer;
    private readonly int[] _labels;
    private readonly int _labelsPerImage;
    private long _room;
    private int _fetched;
    private int _missingCount;
    private int _staged;
    private ExceptionDispatchInfo? _stagingFailure;
    private bool _hasRoomToStage = true;

    /// <summary>Prepares to keep features.</summary>
    /// <param name="program">The program; one without features gets its images as they are.</param>
    /// <param name="source">The set.</param>
    /// <param name="role">What the set is for, as in "the training set".</param>
    /// <param name="reader">Reads the set's images; disposed of with the feed.</param>
    /// <param name="largestBatch">The most images a batch will have.</param>
    /// <param name="budget">The bytes that features may take; 0 to keep none.</param>
    /// <param name="mixer">Mixes the images of each batch, if wanted; features must not be kept then.</param>
    public BatchFeed(
        ModelProgram program, IImageSource source, string role, IBatchReader reader, int largestBatch, ref long budget,
        BatchMixer? mixer = null)
    {
        _mixer = mixer;
        _program = program;
        _reader = reader;
        _shape = source.Shape;
        _set = $" of the {role} set";
        _featureFloats = program.FeatureFloats;
        long bytes = Math.Min(budget, (long)source.Count * _featureFloats * sizeof(float));
        IsActive = _featureFloats > 0 && bytes >= _featureFloats * sizeof(float);
        _room = IsActive ? bytes / (_featureFloats * sizeof(float)) : 0;
        budget -= _room * _featureFloats * sizeof(float);
        _features = new float[IsActive ? source.Count : 0][];
        _indices = new int[largestBatch];
        _missing = new int[largestBatch];
        _labels = new int[checked(largestBatch * source.LabelsPerImage)];
        _labelsPerImage = source.LabelsPerImage;
        _batch = new float[IsActive ? checked(largestBatch * _featureFloats) : 0];
        _fresh = new float[_batch.Length];
    }

    /// <summary>Whether anything is kept.</summary>
    public bool IsActive { get; }

    /// <summary>The images that the program got last, [batch, channels, height, width]; empty where all were kept.</summary>
    public ReadOnlySpan<float> Images => _reader.Images;

    /// <summary>Says which images come next, so that those that must be read are prepared meanwhile.</summary>
    /// <param name="indices">The images in their order, for instance of an epoch.</param>
    /// <param name="epoch">The epoch, which augmentation depends on.</param>
    public void Announce(ReadOnlySpan<int> indices, int epoch)
    {
        if (IsActive)
            indices = indices.ToArray().Where(index => _features[index] is null).ToArray();
        _reader.Announce(indices, epoch);
    }

    /// <summary>Reads images of the set, but for those whose features are kept: of these their labels. The program is left alone.</summary>
    /// <param name="indices">The images that <see cref="Put"/> puts into the program next.</param>
    /// <param name="epoch">The epoch, which augmentation depends on.</param>
    /// <param name="step">The step of the epoch, which mixing depends on.</param>
    public void Fetch(ReadOnlySpan<int> indices, int epoch, int step = 0)
    {
        _stagingFailure?.Throw();
        indices.CopyTo(_indices);
        _fetched = indices.Length;
        _missingCount = 0;
        foreach (int index in indices)
        {
            if (!IsActive || _features[index] is null)
                _missing[_missingCount++] = index;
        }

        if (_staged > 0 && _staged != indices.Length)
            throw new InvalidOperationException($"{_staged} images were staged, and {indices.Length} others are asked for.");
        if (_staged == 0 && _missingCount > 0)
            Read(_missing.AsSpan(0, _missingCount), epoch, step);
        if (_missingCount < _fetched)
            ReadLabels(indices);
    }

    /// <summary>Puts the fetched images into the program.</summary>
    /// <returns>Their labels, [batch, labels of an image], which stay until the next call.</returns>
    public ReadOnlySpan<int> Put()
    {
        ReadOnlySpan<int> indices = _indices.AsSpan(0, _fetched);
        Span<int> labels = _labels.AsSpan(0, indices.Length * _labelsPerImage);
        if (!IsActive)
        {
            PutImages();
            _reader.Labels.CopyTo(labels);
            return labels;
        }

        int missing = _missingCount;
        ReadOnlySpan<float> fresh = Encode(_missing.AsSpan(0, missing));
        if (missing == indices.Length)
        {
            _reader.Labels.CopyTo(labels);
            return labels;
        }

        for (int i = 0, next = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<float> features = IsMissing(indices[i], next)
                ? fresh.Slice(next++ * _featureFloats, _featureFloats)
                : _features[indices[i]];
            features.CopyTo(_batch.AsSpan(i * _featureFloats));
        }

        _program.SetFeatures(_batch.AsSpan(0, indices.Length * _featureFloats), labels);
        return labels;
    }

    /// <summary>
    /// Reads the images that <see cref="Fetch"/> will be asked for next, and lets the device copy them while it works: where it can, and
    /// where nothing is kept, for features are computed on the device itself. An image that cannot be read fails there, not here: a step
    /// is under way, and shall come to its end.
    /// </summary>
    /// <param name="indices">The images of the next call.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="step">Its step.</param>
    public void Stage(ReadOnlySpan<int> indices, int epoch, int step = 0)
    {
        if (IsActive || indices.IsEmpty || !_hasRoomToStage || !_program.CanStage)
            return;
        try
        {
            Read(indices, epoch, step);
        }
        catch (Exception e)
        {
            _stagingFailure = ExceptionDispatchInfo.Capture(e);
            return;
        }

        try
        {
            _program.Stage(_reader.Images);
        }
        catch (InsufficientMemoryException)
        {
            // Staging only saves time: without room for a second batch, each is read when its turn comes.
            _hasRoomToStage = false;
            return;
        }

        _staged = indices.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    /// <summary>Takes the labels of images that were read, and reads those of the others, whose maps may be files.</summary>
    private void ReadLabels(ReadOnlySpan<int> indices)
    {
        for (int i = 0, next = 0; i < indices.Length; i++)
        {
            Span<int> labels = _labels.AsSpan(i * _labelsPerImage, _labelsPerImage);
            if (IsMissing(indices[i], next))
                _reader.Labels.Slice(next++ * _labelsPerImage, _labelsPerImage).CopyTo(labels);
            else
                _reader.CopyLabels(indices[i], labels);
        }
    }

    /// <summary>Whether an image is the next of those that had to be read, which are in the order of all.</summary>
    private bool IsMissing(int index, int next) => next < _missingCount && _missing[next] == index;

    private void Read(ReadOnlySpan<int> indices, int epoch, int step)
    {
        _reader.Read(indices, epoch);
        FinitePixels.Require(_reader.Images, _shape, indices, _set);
        _mixer?.Mix(_reader.Images, _mixer.Draw(epoch, step));
    }

    private void PutImages()
    {
        if (_staged > 0)
            _program.SetStaged(_reader.Labels);
        else
            _reader.SendTo(_program);
        _staged = 0;
    }

    /// <summary>Runs the frozen layers on images that are not kept, and keeps what there is room for.</summary>
    private ReadOnlySpan<float> Encode(ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty)
            return default;
        _reader.SendTo(_program);
        Span<float> features = _fresh.AsSpan(0, indices.Length * _featureFloats);
        _program.ReadFeatures(features);
        for (int i = 0; i < indices.Length && _room > 0; i++, _room--)
            _features[indices[i]] = features.Slice(i * _featureFloats, _featureFloats).ToArray();
        return features;
    }
}
