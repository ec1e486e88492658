using System.Collections.Immutable;
using System.Diagnostics;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Display;

namespace VptDsl.Training;

/// <summary>One run of training: every buffer is allocated here, none in a step.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly ModelProgram _program;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _batchSize;
    private readonly EpochOrder _order;
    private readonly FeatureCache _cache;
    private readonly Evaluator? _validation;
    private readonly BestParameters _best;
    private readonly LearningRateSchedule _schedule;
    private readonly float[] _logits;
    private readonly float[] _losses;
    private int _updates;

    /// <summary>Sets a run up. The sets and the options have been checked.</summary>
    public FitLoop(
        ModelProgram program, IImageSource train, IImageSource? validation, FitOptions options, CancellationToken cancellation)
    {
        _program = program;
        _options = options;
        _cancellation = cancellation;
        _batchSize = Math.Min(options.BatchSize, train.Count);
        StepsPerEpoch = (train.Count + _batchSize - 1) / _batchSize;
        _order = new EpochOrder(train.Count, options.Seed);
        bool augments = options.Augmentation.Count > 0 || train is IAugmentedSource { IsAugmented: true };
        long budget = options.FeatureCacheBytes, trainBudget = augments ? 0 : budget, before = trainBudget;
        IBatchReader reader = BatchReaders.Open(
            train, _batchSize, options.Augmentation, options.Seed, augments: true, cancellation);
        _cache = new FeatureCache(program, train, reader, _batchSize, ref trainBudget);
        budget -= before - trainBudget;
        _validation = validation is null ? null : new Evaluator(program, validation, options.BatchSize, ref budget);
        _best = new BestParameters(program, keepParameters: options.KeepBest && validation is not null);
        _schedule = new LearningRateSchedule(options.PeakLearningRate, options.Warmup, options.Epochs, StepsPerEpoch, options.ScheduleStep);
        _logits = new float[_batchSize * program.Model.Classes];
        _losses = new float[_batchSize];
    }

    /// <summary>The number of steps in an epoch, a smaller last one included.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Trains.</summary>
    public FitReport Run(IFitObserver observer)
    {
        long start = Stopwatch.GetTimestamp();
        ImmutableArray<EpochReport>.Builder reports = ImmutableArray.CreateBuilder<EpochReport>();
        bool stoppedEarly = false;
        TrainedState.ClearMoments(_program, _options.Optimizer.Kind);
        try
        {
            for (int epoch = 0; epoch < _options.Epochs && !stoppedEarly; epoch++)
            {
                EpochReport report = RunEpoch(epoch, observer);
                reports.Add(report);
                if (report.ValidationAccuracy is { } accuracy)
                    _best.Consider(report.Epoch, accuracy);
                observer.EpochEnded(report);
                _options.EpochCompleted?.Invoke(report);
                stoppedEarly = report.Epoch < _options.Epochs && report.Epoch - _best.Epoch >= _options.Patience;
            }

            // A validation set has already shown whether the last update did harm.
            if (_validation is null && !TrainedState.IsFinite(_program))
                throw Diverged(reports.Count - 1, StepsPerEpoch - 1, "its update left trained parameters that are no finite numbers.");
        }
        catch (TrainingDivergedException)
        {
            _best.Restore();
            throw;
        }

        _best.Restore();
        return new FitReport
        {
            Epochs = reports.ToImmutable(),
            BestEpoch = _validation is null ? reports.Count : _best.Epoch,
            StoppedEarly = stoppedEarly,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _validation?.Dispose();
    }

    private EpochReport RunEpoch(int epoch, IFitObserver observer)
    {
        long start = Stopwatch.GetTimestamp();
        RunningMean train = TrainEpoch(epoch, start, observer);
        double trainSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        RunningMean? validation = _validation?.Run(confusion: null, _cancellation);
        if (validation is { } mean && !double.IsFinite(mean.Loss))
            throw Diverged(epoch, StepsPerEpoch - 1, $"after it the validation loss is {mean.Loss}.");

        return new EpochReport
        {
            Epoch = epoch + 1,
            TrainLoss = train.Loss,
            TrainAccuracy = train.Accuracy,
            ValidationLoss = validation?.Loss,
            ValidationAccuracy = validation?.Accuracy,
            LearningRate = _schedule.At(epoch, StepsPerEpoch - 1),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            ImagesPerSecond = train.Count / trainSeconds,
        };
    }

    private RunningMean TrainEpoch(int epoch, long start, IFitObserver observer)
    {
        ReadOnlySpan<int> order = _order.Shuffle(epoch);
        _cache.Announce(order, epoch);
        var mean = default(RunningMean);
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            _cancellation.ThrowIfCancellationRequested();
            int first = step * _batchSize;
            ReadOnlySpan<int> labels = _cache.Put(order.Slice(first, Math.Min(_batchSize, order.Length - first)), epoch);
            _program.Step();
            Score(epoch, step, labels, ref mean);
            _program.Update(_options.Optimizer.Update(_schedule.At(epoch, step), ++_updates));
            double imagesPerSecond = mean.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            observer.StepEnded(new FitStatus(epoch + 1, step + 1, mean.Loss, mean.Accuracy, imagesPerSecond));
        }

        return mean;
    }

    private void Score(int epoch, int step, ReadOnlySpan<int> labels, ref RunningMean mean)
    {
        int classes = _program.Model.Classes;
        Span<float> losses = _losses.AsSpan(0, labels.Length);
        _program.ReadLosses(losses);
        _program.ReadLogits(_logits.AsSpan(0, labels.Length * classes));
        for (int i = 0; i < labels.Length; i++)
        {
            if (!float.IsFinite(losses[i]))
                throw Diverged(epoch, step, $"the loss is {losses[i]}.");
            mean.Add(losses[i], ClassScores.Predicted(_logits.AsSpan(i * classes, classes)) == labels[i]);
        }
    }

    private TrainingDivergedException Diverged(int epoch, int step, string what) =>
        new(epoch + 1, step + 1, _schedule.At(epoch, step), what);
}
