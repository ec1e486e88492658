using VptDsl.Programs;

namespace VptDsl.Tests.Training;

/// <summary>
/// A whole model in a few lines, so that training can be tested without a compiler or a device: logits = images · weight + bias.
/// </summary>
internal sealed class SoftmaxRegression : ModelProgram
{
    private readonly int _classes;
    private readonly int _imageFloats;
    private readonly float[][] _regions;
    private readonly float[] _logits;
    private readonly float[] _losses;
    private readonly float[] _images;
    private readonly int[] _labels;
    private float[] _staged = [];

    public SoftmaxRegression(
        int imageSize, int classes, int largestBatch = 64, string name = "Toy", Precision? precision = null,
        Precision savedActivations = VptDsl.Precision.Float32)
    {
        _classes = classes;
        _imageFloats = imageSize * imageSize;
        Model = new ModelDescription
        {
            Name = name,
            Declaration = "softmax regression",
            Channels = 1,
            ImageSize = imageSize,
            Classes = classes,
            Precision = precision,
            SavedActivations = savedActivations,
            Parameters =
            [
                new("head.weight", [_imageFloats, classes], ParameterKind.Head, true, 0, new(Distribution.Constant, 0)),
                new("head.bias", [classes], ParameterKind.Head, true, _imageFloats * classes, new(Distribution.Constant, 0)),
            ],
        };
        _regions = new float[(int)Region.Arena][];
        for (int i = 0; i < _regions.Length; i++)
            _regions[i] = new float[Model.TrainedFloats];
        _images = new float[largestBatch * _imageFloats];
        _labels = new int[largestBatch];
        _logits = new float[largestBatch * classes];
        _losses = new float[largestBatch];
    }

    public override ModelDescription Model { get; }

    /// <summary>Where it seems to run.</summary>
    public Device? RunsOn { get; init; }

    internal override Device? Device => RunsOn;

    /// <summary>The sizes of the batches that were trained on.</summary>
    public List<int> Batches { get; } = new(capacity: 10_000);

    /// <summary>The updates that were made.</summary>
    public List<OptimizerUpdate> Updates { get; } = new(capacity: 10_000);

    /// <summary>Bytes that the thread had allocated at each step's end.</summary>
    public List<long> Allocated { get; } = new(capacity: 10_000);

    /// <summary>Called after each update.</summary>
    public Action? Updated { get; set; }

    /// <summary>Spoils the parameters in the update of this number.</summary>
    public int? SpoiledUpdate { get; init; }

    /// <summary>Gives what its frozen layers make of images, which is the images.</summary>
    public bool HasFeatures { get; init; }

    public override int FeatureFloats => HasFeatures ? _imageFloats : 0;

    /// <summary>Takes images ahead, as a device with memory of its own does.</summary>
    public bool Stages { get; init; }

    public override bool CanStage => Stages;

    /// <summary>Has memory for one batch alone.</summary>
    public bool HasNoRoomToStage { get; init; }

    public float[] Trained => _regions[(int)Region.Trained];

    private int Batch { get; set; }

    public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        Batch = labels.Length;
        if (images.Length != Batch * _imageFloats)
            throw new ArgumentException($"{Batch} labels, but {images.Length} floats of images.");
        images.CopyTo(_images);
        labels.CopyTo(_labels);
    }

    public override void Stage(ReadOnlySpan<float> images) =>
        _staged = HasNoRoomToStage ? throw new InsufficientMemoryException() : images.ToArray();

    public override void SetStaged(ReadOnlySpan<int> labels) => SetBatch(_staged, labels);

    public override void SetFeatures(ReadOnlySpan<float> features, ReadOnlySpan<int> labels) => SetBatch(features, labels);

    public override void ReadFeatures(Span<float> features) => _images.AsSpan(0, features.Length).CopyTo(features);

    public override void Infer()
    {
        for (int i = 0; i < Batch; i++)
        {
            for (int c = 0; c < _classes; c++)
            {
                float sum = Trained[(_imageFloats * _classes) + c];
                for (int k = 0; k < _imageFloats; k++)
                    sum += _images[(i * _imageFloats) + k] * Trained[(k * _classes) + c];
                _logits[(i * _classes) + c] = sum;
            }
        }
    }

    public override void Step()
    {
        Infer();
        float[] gradients = _regions[(int)Region.Gradients];
        Array.Clear(gradients);
        for (int i = 0; i < Batch; i++)
        {
            double sum = 0;
            for (int c = 0; c < _classes; c++)
                sum += Math.Exp(_logits[(i * _classes) + c]);
            float weight = ClassWeights.IsEmpty ? 1 : ClassWeights.Span[_labels[i]];
            _losses[i] = 0;
            for (int c = 0; c < _classes; c++)
            {
                (float share, float smoothing) = (SoftTargets.OtherShare, SoftTargets.Smoothing);
                float target = (c == _labels[i] ? 1 - share : 0) + (c == _labels[Batch - 1 - i] ? share : 0);
                target = ((1 - smoothing) * target) + (smoothing / _classes);
                _losses[i] += weight * target * (float)(Math.Log(sum) - _logits[(i * _classes) + c]);
                float error = weight * ((float)(Math.Exp(_logits[(i * _classes) + c]) / sum) - target) / Batch;
                for (int k = 0; k < _imageFloats; k++)
                    gradients[(k * _classes) + c] += error * _images[(i * _imageFloats) + k];
                gradients[(_imageFloats * _classes) + c] += error;
            }
        }

        Batches.Add(Batch);
        Allocated.Add(GC.GetAllocatedBytesForCurrentThread());
    }

    public override void Update(in OptimizerUpdate update)
    {
        Updates.Add(update);
        float[] gradients = _regions[(int)Region.Gradients];
        float[] first = _regions[(int)Region.FirstMoments];
        float[] second = _regions[(int)Region.SecondMoments];
        for (int i = 0; i < Trained.Length; i++)
        {
            if (update.Kind == OptimizerKind.Sgd)
            {
                first[i] = (update.Momentum * first[i]) + gradients[i] + (update.WeightDecay * Trained[i]);
                Trained[i] -= update.LearningRate * first[i];
            }
            else
            {
                first[i] = (update.Momentum * first[i]) + ((1 - update.Momentum) * gradients[i]);
                second[i] = (update.SecondBeta * second[i]) + ((1 - update.SecondBeta) * gradients[i] * gradients[i]);
                Trained[i] -= update.LearningRate * first[i] / (MathF.Sqrt(second[i]) + update.Epsilon);
            }
        }

        if (update.Number == SpoiledUpdate)
            Trained[0] = float.NaN;
        Updated?.Invoke();
    }

    public override void ReadLogits(Span<float> logits) => _logits.AsSpan(0, Batch * _classes).CopyTo(logits);

    public override void ReadLosses(Span<float> losses) => _losses.AsSpan(0, Batch).CopyTo(losses);

    public override void Read(Slot source, Span<float> destination) =>
        _regions[(int)source.Region].AsSpan((int)source.Offset, destination.Length).CopyTo(destination);

    public override void Write(Slot destination, ReadOnlySpan<float> source) =>
        source.CopyTo(_regions[(int)destination.Region].AsSpan((int)destination.Offset, source.Length));

    public override void Dispose()
    {
    }
}
