using System.Diagnostics;
using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Batches;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Display;
using VptDsl.Training.Logs;
using VptDsl.Training.Mixing;

namespace VptDsl.Training;

/// <summary>One run of training: every buffer is allocated here, none in a step.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly ModelProgram _program;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _batchSize;
    // Images that are computed at a time: the batch, or less.
    private readonly int _pieceSize;
    private readonly int _count;
    private readonly EpochOrder _order;
    private readonly BatchFeed _feed;
    private readonly Evaluator? _validation;
    private readonly BestParameters _best;
    private readonly AveragedParameters? _average;
    private readonly BatchMixer? _mixer;
    private readonly RunLogs _logs;
    private readonly ImmutableArray<RateRun> _rates;
    // What training measured before the step, while the batch is computed in pieces.
    private readonly float[] _measured;
    private readonly RunCheckpoint? _checkpoint;
    private readonly LearningRateSchedule _schedule;
    // The share of each image's pixels told right, or each image's logits.
    private readonly bool _isOfPixels;
    private readonly float[] _results;
    private readonly float[] _losses;
    private readonly List<string> _warnings;
    private readonly IImageSource?[] _sources;
    private readonly Action? _begun;
    private bool _sawImages;
    private bool _sawEpoch;
    // Whether the last save failed.
    private bool _isUnsaved;
    // Between the beginning of a step and the end of its update the parameters belong to no step.
    private bool _isWithinStep;
    private bool _hasBegun;
    private RunState _state = new();
    private int _announced = -1;
    private int _step;
    private RunningMean _mean;

    // When this process began with the run and with the epoch, set back by what earlier processes spent on them.
    private long _runStart;
    private long _epochStart;

    /// <summary>Sets a run up. The sets and the options have been checked.</summary>
    /// <param name="program">What is trained.</param>
    /// <param name="train">The set to learn from.</param>
    /// <param name="validation">The set that epochs are judged by; null for none.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <param name="warnings">What is said before the run.</param>
    /// <param name="begun">Called once, when the parameters are about to change.</param>
    public FitLoop(
        ModelProgram program, IImageSource train, IImageSource? validation, FitOptions options, CancellationToken cancellation,
        IReadOnlyList<string>? warnings = null, Action? begun = null)
    {
        _begun = begun;
        _sources = [train, validation];
        _warnings = [.. warnings ?? [], .. PassedOverAdvice.Warnings(_sources)];
        _program = program;
        _options = options;
        _cancellation = cancellation;
        _count = train.Count;
        _batchSize = Math.Min(options.BatchSize, train.Count);
        _pieceSize = Math.Min(options.LargestBatch, _batchSize);
        _measured = new float[_pieceSize < _batchSize ? program.Model.MeasuredFloats : 0];
        StepsPerEpoch = (train.Count + _batchSize - 1) / _batchSize;
        _order = new EpochOrder(train.Count, options.Seed);
        _mixer = options.Mixup is { } mixup ? new BatchMixer(mixup, options.Seed, train.Shape) : null;
        bool augments = options.Augmentation.Count > 0 || _mixer is not null || train is IAugmentedSource { IsAugmented: true };
        long budget = options.FeatureCacheBytes, trainBudget = augments ? 0 : budget, before = trainBudget;
        IBatchReader reader = BatchReaders.Open(
            train, _pieceSize, options.Augmentation, options.Seed, augments: true, cancellation);
        _feed = new BatchFeed(program, train, "training", reader, _pieceSize, ref trainBudget, _mixer);
        budget -= before - trainBudget;
        _validation = validation is null ? null : new Evaluator(program, validation, "validation", options.LargestBatch, ref budget);
        _best = new BestParameters(program, keepParameters: options.KeepBest && validation is not null);
        _logs = new RunLogs(options.Logs, options.LogEverySteps);
        _average = options.Average is { } average ? new AveragedParameters(program, average) : null;
        _rates = options.LayerDecay is { } decay ? LayerRates.Of(program.Model, decay) : [];
        _schedule = new LearningRateSchedule(options.PeakLearningRate, options.Warmup, options.Epochs, StepsPerEpoch, options.ScheduleStep);
        _isOfPixels = program.Model.IsOfPixels;
        _results = new float[_pieceSize * (_isOfPixels ? 1 : program.TaskClasses)];
        _losses = new float[_pieceSize];
        if (options.Checkpoint is { } checkpoint)
        {
            var fingerprint = RunFingerprint.Of(program, train, validation, options);
            _checkpoint = new RunCheckpoint(program, checkpoint, fingerprint, _best, options);
        }
    }

    /// <summary>The number of steps in an epoch, a smaller last one included.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Trains.</summary>
    public FitReport Run(IFitObserver observer)
    {
        TrainedState.ClearMoments(_program, _options.Optimizer.Kind);
        if (_checkpoint?.Resume(_options.Epochs, StepsPerEpoch) is { } resumed)
        {
            Begin();
            _state = resumed;
            observer.Resumed(resumed);
        }

        _best.Begin();
        _warnings.ForEach(observer.Warned);
        (_step, _mean) = (_state.Step, _state.Mean);
        _runStart = Ago(_state.Seconds);
        _epochStart = Ago(_state.EpochSeconds);
        if (!_state.IsFinished)
            TrainLogged(observer);
        return new FitReport
        {
            Epochs = _state.Reports,
            BestEpoch = _validation is null ? _state.Reports.Length : _best.Epoch,
            StoppedEarly = _state.StoppedEarly,
            Seconds = Seconds(_runStart),
            Warnings = [.. _warnings],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feed.Dispose();
        _validation?.Dispose();
    }

    private void TrainLogged(IFitObserver observer)
    {
        try
        {
            _logs.Begin((_state.Epoch * StepsPerEpoch) + _step);
            Train(observer);
        }
        finally
        {
            _logs.End(warning => Warn(warning, observer));
        }
    }

    private void Train(IFitObserver observer)
    {
        try
        {
            while (_state.Epoch < Math.Min(_options.Epochs, _options.PauseAfter ?? int.MaxValue) && !_state.StoppedEarly)
                RunEpoch(_state.Epoch, observer);
            if (_state.Epoch < _options.Epochs && !_state.StoppedEarly)
            {
                Save();
                return;
            }

            // A validation set has already shown whether the last update did harm.
            if (_validation is null && !TrainedState.IsFinite(_program))
                throw Diverged(_state.Epoch - 1, StepsPerEpoch - 1, "its update left trained parameters that are no finite numbers.");
        }
        catch (TrainingDivergedException)
        {
            _best.PutBack();
            throw;
        }
        catch (OperationCanceledException e)
        {
            Save();
            throw new OperationCanceledException(Stopped(), e, _cancellation);
        }
        catch (Exception) when (_hasBegun && !_isWithinStep && _checkpoint is not null)
        {
            SaveAsFarAsPossible(observer);
            throw;
        }

        _average?.Restore();
        _best.Restore();
        _state = _state with { IsFinished = true };
        SaveResult();
    }

    private void RunEpoch(int epoch, IFitObserver observer)
    {
        TrainEpoch(epoch, observer);
        double trainSeconds = Seconds(_epochStart);
        if (epoch + 1 < _options.Epochs)
            Announce(epoch + 1, firstStep: 0);
        EpochReport report = Judge(epoch, trainSeconds);
        if (!_sawEpoch)
            Warn(OrientationAdvice.Warning(_sources), observer);
        _sawEpoch = true;
        _state = _state with
        {
            Reports = _state.Reports.Add(report),
            BestEpoch = _best.Epoch,
            StoppedEarly = report.Epoch < _options.Epochs && report.Epoch - _best.Epoch >= _options.Patience,
        };
        (_step, _mean, _epochStart) = (0, default, Stopwatch.GetTimestamp());
        if (_isUnsaved)
            TrySave(observer);
        _logs.Epoch(report.Epoch * StepsPerEpoch, report, warning => Warn(warning, observer));
        TrainingMetrics.Epoch(_program.Model.Name, report);
        observer.EpochEnded(report);
        _options.EpochCompleted?.Invoke(report);
    }

    /// <summary>Measures the epoch's parameters, or their average, and keeps them if they are the best.</summary>
    private EpochReport Judge(int epoch, double trainSeconds)
    {
        if (_validation is null)
            return Report(epoch, trainSeconds, validation: null, confusion: null, scores: null);
        _average?.Exchange();
        try
        {
            ConfusionMatrix? confusion = _isOfPixels ? new ConfusionMatrix(_program.TaskClasses) : null;
            MultiLabelScores? scores = _program.Model.IsMultiLabel ? new MultiLabelScores(_program.TaskClasses) : null;
            RunningMean mean = _validation.Run(confusion, _cancellation, scores);
            if (!double.IsFinite(mean.Loss))
            {
                throw Diverged(
                    epoch, StepsPerEpoch - 1, string.Create(CultureInfo.InvariantCulture, $"after it the validation loss is {mean.Loss}."));
            }

            EpochReport report = Report(epoch, trainSeconds, mean, confusion, scores);
            if (report.Score is { } score)
                _best.Consider(report.Epoch, score);
            return report;
        }
        finally
        {
            _average?.Exchange();
        }
    }

    private EpochReport Report(
        int epoch, double trainSeconds, RunningMean? validation, ConfusionMatrix? confusion, MultiLabelScores? scores) =>
        new()
        {
            Epoch = epoch + 1,
            TrainLoss = _mean.Loss,
            TrainAccuracy = _mean.Accuracy,
            ValidationLoss = validation?.Loss,
            ValidationAccuracy = confusion?.Accuracy ?? validation?.Accuracy,
            ValidationMeanIoU = confusion?.MeanIntersectionOverUnion,
            ValidationMeanAveragePrecision = scores?.MeanAveragePrecision is { } precision && !double.IsNaN(precision) ? precision : null,
            LearningRate = _schedule.At(epoch, StepsPerEpoch - 1),
            Seconds = Seconds(_epochStart),
            ImagesPerSecond = _count / trainSeconds,
        };

    private void TrainEpoch(int epoch, IFitObserver observer)
    {
        ReadOnlySpan<int> order = Announce(epoch, _step);
        while (_step < StepsPerEpoch)
        {
            _cancellation.ThrowIfCancellationRequested();
            int number = (epoch * StepsPerEpoch) + _step + 1;
            RunningMean mean = ComputeGradients(order, epoch, number, observer);
            ClipGradients(epoch);
            _program.Update(_options.Optimizer.Update(_schedule.At(epoch, _step), number, _rates.AsMemory()));
            _average?.Update(number);
            (int images, double loss) = (mean.Count - _mean.Count, mean.LossSum - _mean.LossSum);
            (_step, _mean) = (_step + 1, mean);
            _isWithinStep = false;
            Note(number, images, loss / images, observer);
            if (_checkpoint is not null && _checkpoint.IsDue() && !_isUnsaved)
                TrySave(observer);
            observer.StepEnded(new FitStatus(epoch + 1, _step, _mean.Loss, _mean.Accuracy, _mean.Count / Seconds(_epochStart)));
        }
    }

    private void Note(int number, int images, double loss, IFitObserver observer)
    {
        TrainingMetrics.Step(_program.Model.Name, images, loss);
        if (_logs.IsDue(number))
            LogStep(number, loss, observer);
    }

    private void LogStep(int number, double loss, IFitObserver observer) => _logs.Step(
        number, loss, _schedule.At((number - 1) / StepsPerEpoch, _step - 1), warning => Warn(warning, observer));

    /// <summary>Leaves the gradients of a step's batch on the device, piece by piece where it is computed in several.</summary>
    /// <returns>The mean over the epoch's images, these included.</returns>
    private RunningMean ComputeGradients(ReadOnlySpan<int> order, int epoch, int number, IFitObserver observer)
    {
        ReadOnlySpan<int> batch = BatchOf(order, _step);
        double share = _mixer?.Draw(epoch, _step).OtherShare ?? 0;
        var targets = new SoftTargets((float)_options.LabelSmoothing, (float)share);
        RunningMean mean = _mean;
        float counted = 0;
        for (int first = 0; first < batch.Length; first += _pieceSize)
        {
            ReadOnlySpan<int> piece = PieceOf(batch, first);
            Fetch(piece, epoch);
            _program.SoftTargets = targets;
            ReadOnlySpan<int> labels = _feed.Put();
            LookAt(_feed.Images, observer);
            Begin();
            if (first == 0 && _measured.Length > 0)
                _program.Read(new Slot(Region.Statistics, 0), _measured);
            _isWithinStep = true;
            _program.DrawNoise(_options.Seed, number, first / _pieceSize);
            _program.Step();
            if (first + _pieceSize < batch.Length)
                _feed.Stage(PieceOf(batch, first + _pieceSize), epoch, _step);
            else
                _feed.Stage(PieceOf(BatchOf(order, _step + 1), 0), epoch, _step + 1);
            Score(epoch, labels, targets, ref mean);
            Accumulate(piece.Length < batch.Length, isLast: first + _pieceSize >= batch.Length, Counting(labels), ref counted);
        }

        return mean;
    }

    /// <summary>Reads a piece. If that fails, what the step has done is taken back, for the run to be saved as it was before.</summary>
    private void Fetch(ReadOnlySpan<int> piece, int epoch)
    {
        try
        {
            _feed.Fetch(piece, epoch, _step);
        }
        catch when (_isWithinStep)
        {
            if (_measured.Length > 0)
                _program.Write(new Slot(Region.Statistics, 0), _measured);
            _isWithinStep = false;
            throw;
        }
    }

    /// <summary>Adds a piece's gradients, means over what counts of it, so that the last leaves the mean over all that counts.</summary>
    private void Accumulate(bool hasSeveral, bool isLast, float weight, ref float counted)
    {
        if (!hasSeveral)
            return;
        float before = counted;
        counted += weight;
        float all = Math.Max(counted, 1);
        if (isLast)
            _program.Combine(Region.Gradients, weight / all, Region.AccumulatedGradients, 1 / all);
        else
            _program.Combine(Region.AccumulatedGradients, before == 0 ? 0 : 1, Region.Gradients, weight);
    }

    /// <summary>How many of a piece's labels count.</summary>
    private float Counting(ReadOnlySpan<int> labels) =>
        _program.Model.IgnoredLabel is { } ignored ? labels.Length - labels.Count(ignored) : labels.Length;

    private void ClipGradients(int epoch)
    {
        // PyTorch's, which keeps a gradient of zeros from a division by zero.
        const double epsilon = 1e-6;
        if (_options.MaximumGradientNorm is not { } maximum)
            return;
        double norm = Math.Sqrt(_program.SumOfSquaredGradients());
        if (!double.IsFinite(norm))
            throw Diverged(epoch, _step, string.Create(CultureInfo.InvariantCulture, $"the norm of the gradients is {norm}."));
        float scale = (float)(maximum / (norm + epsilon));
        if (scale < 1)
            _program.Combine(Region.Gradients, scale, Region.Gradients, 0);
    }

    private ReadOnlySpan<int> PieceOf(ReadOnlySpan<int> batch, int first) =>
        batch.Slice(first, Math.Min(_pieceSize, batch.Length - first));

    /// <summary>The images of a step; none after the epoch's last.</summary>
    private ReadOnlySpan<int> BatchOf(ReadOnlySpan<int> order, int step)
    {
        int first = Math.Min(step * _batchSize, order.Length);
        return order.Slice(first, Math.Min(_batchSize, order.Length - first));
    }

    /// <summary>Looks at the run's first images, whether they are plausibly normalised.</summary>
    private void LookAt(ReadOnlySpan<float> images, IFitObserver observer)
    {
        if (_sawImages)
            return;
        _sawImages = true;
        Warn(NormalizationCheck.Warning(images), observer);
    }

    private void Warn(string? warning, IFitObserver observer)
    {
        if (warning is null)
            return;
        _warnings.Add(warning);
        observer.Warned(warning);
    }

    /// <summary>Lets the first images of an epoch be read meanwhile.</summary>
    private ReadOnlySpan<int> Announce(int epoch, int firstStep)
    {
        if (_announced == epoch)
            return _order.Current;
        _announced = epoch;
        ReadOnlySpan<int> order = _order.Shuffle(epoch, _mixer is not null && _pieceSize < _batchSize ? ArrangePairs : null);
        _feed.Announce(order[Math.Min(firstStep * _batchSize, order.Length)..], epoch);
        return order;
    }

    private void ArrangePairs(Span<int> order)
    {
        for (int first = 0; first < order.Length; first += _batchSize)
            MirroredPieces.Arrange(order.Slice(first, Math.Min(_batchSize, order.Length - first)), _pieceSize);
    }

    private void Score(int epoch, ReadOnlySpan<int> labels, SoftTargets targets, ref RunningMean mean)
    {
        int classes = _program.TaskClasses, images = labels.Length / _program.LabelsOfImage;
        Span<float> losses = _losses.AsSpan(0, images), results = _results.AsSpan(0, images * (_isOfPixels ? 1 : classes));
        _program.ReadLosses(losses);
        if (_isOfPixels)
            _program.ReadCorrect(results);
        else
            _program.ReadLogits(results);
        for (int i = 0; i < images; i++)
        {
            if (!float.IsFinite(losses[i]))
                throw Diverged(epoch, _step, string.Create(CultureInfo.InvariantCulture, $"the loss is {losses[i]}."));
            if (_isOfPixels)
            {
                mean.Add(losses[i], results[i]);
                continue;
            }

            if (_program.Model.IsMultiLabel)
            {
                mean.Add(
                    losses[i],
                    MultiLabelScores.Compare(results.Slice(i * classes, classes), labels.Slice(i * classes, classes)).Correct);
                continue;
            }

            int label = targets.OtherShare > 0.5f ? labels[^(i + 1)] : labels[i];
            mean.Add(losses[i], ClassScores.Predicted(results.Slice(i * classes, classes)) == label);
        }
    }

    private void Save() => _checkpoint?.Save(_state with
    {
        Step = _step,
        Mean = _mean,
        EpochSeconds = Seconds(_epochStart),
        Seconds = Seconds(_runStart),
    });

    /// <summary>Saves in mid-run. A full disk is no reason to lose the run: it is said, and tried again after each epoch.</summary>
    private void TrySave(IFitObserver observer)
    {
        try
        {
            Save();
            _isUnsaved = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isUnsaved)
            {
                Warn(
                    $"The checkpoint could not be written ({e.Message.TrimEnd('.')}). The run goes on and tries again after each epoch.",
                    observer);
            }

            _isUnsaved = true;
        }
    }

    /// <summary>Saves what there is when an error ends the run, which the caller hears of whether this works or not.</summary>
    private void SaveAsFarAsPossible(IFitObserver observer)
    {
        try
        {
            Save();
            observer.Warned($"An error ended the run. {Stopped()}");
        }
        catch (Exception)
        {
            // The error that ended the run may well be the reason: no device, no disk, no console.
        }
    }

    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        _begun?.Invoke();
    }

    private void SaveResult()
    {
        try
        {
            Save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{e.Message} The run has ended and the model has its result: SaveTask writes it elsewhere.", e);
        }
    }

    private string Stopped() =>
        string.Create(CultureInfo.InvariantCulture, $"The run was stopped in epoch {_state.Epoch + 1}, after step {_step}")
        + (_options.Checkpoint is { } checkpoint
            ? $". It is saved in {checkpoint.Path}: start it again in the same way, and it goes on from there."
            : "; without a checkpoint it is saved nowhere.");

    private TrainingDivergedException Diverged(int epoch, int step, string what) =>
        new(epoch + 1, step + 1, _schedule.At(epoch, step), what);

    private static long Ago(double seconds) => Stopwatch.GetTimestamp() - (long)(seconds * Stopwatch.Frequency);

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
