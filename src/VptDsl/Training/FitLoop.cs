using System.Diagnostics;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Batches;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Display;
using VptDsl.Training.Logs;
using VptDsl.Training.Parallel;

namespace VptDsl.Training;

/// <summary>One run of training: every buffer is allocated here, none in a step.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly ModelProgram _program;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _count;
    private readonly TrainingPieces _pieces;
    private readonly Crew? _crew;
    private readonly Evaluator? _validation;
    private readonly BestParameters _best;
    private readonly AveragedParameters? _average;
    private readonly RunLogs _logs;
    private readonly ImmutableArray<RateRun> _rates;
    // What training measured before the step, while the batch is computed in pieces.
    private readonly float[] _measured;
    private readonly RunCheckpoint? _checkpoint;
    private readonly LearningRateSchedule _schedule;
    private readonly bool _isOfPixels;
    private readonly List<string> _warnings;
    private readonly IImageSource?[] _sources;
    private readonly Action? _begun;
    private bool _sawImages;
    private bool _sawEpoch;
    // Whether the last save failed.
    private bool _isUnsaved;
    // Whether a save is due when the epoch is over.
    private bool _isDue;
    // Between the beginning of a step and the end of its update the parameters belong to no step.
    private bool _isWithinStep;
    private bool _hasBegun;
    private IFitObserver _observer = new SilentObserver();
    private RunState _state = new();
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
        long budget = options.FeatureCacheBytes;
        _pieces = new TrainingPieces(program, train, options, cancellation, ref budget);
        _measured = new float[_pieces.AreSeveral ? program.Model.MeasuredFloats : 0];
        _validation = validation is null ? null : new Evaluator(program, validation, "validation", options.LargestBatch, ref budget);
        _best = new BestParameters(program, keepParameters: options.KeepBest && validation is not null);
        _logs = new RunLogs(options.Logs, options.LogEverySteps);
        _average = options.Average is { } average ? new AveragedParameters(program, average) : null;
        _rates = options.LayerDecay is { } decay ? LayerRates.Of(program.Model, decay) : [];
        _schedule = new LearningRateSchedule(options.PeakLearningRate, options.Warmup, options.Epochs, StepsPerEpoch, options.ScheduleStep);
        _isOfPixels = program.Model.IsOfPixels;
        if (options.Checkpoint is { } checkpoint)
        {
            var fingerprint = RunFingerprint.Of(program, train, validation, options);
            _checkpoint = new RunCheckpoint(program, checkpoint, fingerprint, _best, options);
        }

        // Last, for it takes others into service.
        if (options.Workers is { } workers)
        {
            var own = new ShardComputer(program, _pieces, _validation);
            _crew = new Crew(
                program, order => own.Compute(order, cancellation), workers.Open(new RunTerms(program, train, validation, options)),
                warning => Warn(warning, _observer), cancellation);
        }
    }

    /// <summary>The number of steps in an epoch, a smaller last one included.</summary>
    public int StepsPerEpoch => _pieces.StepsPerEpoch;

    /// <summary>Trains.</summary>
    public FitReport Run(IFitObserver observer)
    {
        _observer = observer;
        try
        {
            FitReport report = RunAll(observer);
            _crew?.End(RunEnd.Of(_state, report.BestEpoch));
            return report;
        }
        catch (Exception e)
        {
            _crew?.End(RunEnd.Of(_state, e));
            throw;
        }
    }

    private FitReport RunAll(IFitObserver observer)
    {
        TrainedState.ClearMoments(_program, _options.Optimizer.Kind);
        if (_checkpoint?.Resume(_options.Epochs, StepsPerEpoch) is { } resumed)
        {
            Begin();
            _state = resumed;
            observer.Resumed(resumed);
        }

        _best.Begin();
        _crew?.Gather();
        _warnings.ForEach(observer.Warned);
        (_step, _mean) = (_state.Step, _state.Mean);
        _runStart = Ago(_state.Seconds);
        _epochStart = Ago(_state.EpochSeconds);
        if (!_state.IsFinished)
            TrainLogged(observer);
        return Report();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crew?.Dispose();
        _pieces.Dispose();
        _validation?.Dispose();
    }

    private void TrainLogged(IFitObserver observer)
    {
        try
        {
            _logs.Begin((_state.Epoch * StepsPerEpoch) + _step);
            foreach (string warning in _warnings.ToArray())
                _logs.Warned(warning, Warn);
            Train(observer);
        }
        finally
        {
            if (_state.IsFinished)
                _logs.Completed(Report(), Warn);
            _logs.End(Warn);
        }

        void Warn(string warning) => this.Warn(warning, observer);
    }

    private FitReport Report() => new()
    {
        Device = _program.Device?.Name ?? "",
        Precision = _program.Precision,
        Epochs = _state.Reports,
        BestEpoch = _validation is null ? _state.Reports.Length : _best.Epoch,
        StoppedEarly = _state.StoppedEarly,
        Seconds = Seconds(_runStart),
        Warnings = [.. _warnings],
    };

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
            ReadAhead(epoch + 1, step: 0);
        EpochReport report = Judge(epoch, trainSeconds);
        if (!_sawEpoch)
            Warn(OrientationAdvice.Warning(_sources), observer);
        _sawEpoch = true;
        _state = _state with
        {
            Step = 0,
            Reports = _state.Reports.Add(report),
            BestEpoch = _best.Epoch,
            StoppedEarly = report.Epoch < _options.Epochs && report.Epoch - _best.Epoch >= _options.Patience,
        };
        (_step, _mean, _epochStart) = (0, default, Stopwatch.GetTimestamp());
        _logs.Epoch(report.Epoch * StepsPerEpoch, report, warning => Warn(warning, observer));
        if (_isDue || _isUnsaved)
            TrySave(observer);
        _isDue = false;
        TrainingMetrics.Epoch(_program.Model.Name, report);
        observer.EpochEnded(report);
        Tell(report);
    }

    /// <summary>Tells the caller of an epoch, who finds in the model what was measured.</summary>
    private void Tell(EpochReport report)
    {
        if (_options.EpochCompleted is not { } completed)
            return;
        _average?.Exchange();
        try
        {
            completed(report);
        }
        finally
        {
            _average?.Exchange();
        }
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
            // Average precision needs every logit: what workers sent would be more than what it takes to measure here.
            RunningMean mean = scores is null && _crew is not null
                ? _crew.Measure(_validation.Batches, confusion)
                : _validation.Run(confusion, _cancellation, scores);
            if (mean.Count == 0)
            {
                throw new ArgumentException(
                    $"No pixel of the validation set counts: the label of each is {_program.Model.IgnoredLabel}, which is ignored. "
                    + "Give label maps with pixels of the classes.");
            }

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
            ValidationMeanAveragePrecision = scores?.KnownMeanAveragePrecision,
            LearningRate = _schedule.At(epoch, StepsPerEpoch - 1),
            Seconds = Seconds(_epochStart),
            ImagesPerSecond = _count / trainSeconds,
        };

    private void TrainEpoch(int epoch, IFitObserver observer)
    {
        ReadAhead(epoch, _step);
        while (_step < StepsPerEpoch)
        {
            _cancellation.ThrowIfCancellationRequested();
            int number = (epoch * StepsPerEpoch) + _step + 1;
            RunningMean mean = _crew is null
                ? ComputeGradients(epoch, observer)
                : ComputeTogether(_crew, epoch, observer);
            ClipGradients(epoch);
            _program.Update(_options.Optimizer.Update(_schedule.At(epoch, _step), number, _rates.AsMemory()));
            _average?.Update(number);
            (int images, double loss) = (mean.Count - _mean.Count, mean.LossSum - _mean.LossSum);
            (_step, _mean) = (_step + 1, mean);
            _isWithinStep = false;
            Note(number, images, loss / images, observer);
            if (_checkpoint is not null && _checkpoint.IsDue())
                SaveWhenDue(observer);
            observer.StepEnded(new FitStatus(epoch + 1, _step, _mean.Loss, _mean.Accuracy, _mean.Count / Seconds(_epochStart)));
        }
    }

    /// <summary>Saves after a step; after an epoch's last with its report, lest a killed run judge and log the epoch again.</summary>
    private void SaveWhenDue(IFitObserver observer)
    {
        _isDue = _step == StepsPerEpoch;
        if (!_isDue && !_isUnsaved)
            TrySave(observer);
    }

    /// <summary>Lets an epoch's images be read meanwhile; those of several workers each read ahead what they compute.</summary>
    private void ReadAhead(int epoch, int step)
    {
        if (_crew is null)
            _pieces.Announce(epoch, step);
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
    private RunningMean ComputeGradients(int epoch, IFitObserver observer)
    {
        RunningMean mean = _mean;
        float counted = 0;
        int pieces = _pieces.Pieces(_step);
        for (int piece = 0; piece < pieces; piece++)
        {
            Fetch(piece);
            _pieces.Put(_step);
            LookAt(_pieces.Images, observer);
            Begin();
            if (piece == 0 && _measured.Length > 0)
                _program.Read(new Slot(Region.Statistics, 0), _measured);
            _isWithinStep = true;
            _pieces.Compute(_step, piece);
            _pieces.StageAfter(_step, piece);
            Score(epoch, _pieces.Score(_step), ref mean);
            Accumulate(hasSeveral: pieces > 1, isLast: piece + 1 == pieces, _pieces.Counting, ref counted);
        }

        return mean;
    }

    /// <summary>As <see cref="ComputeGradients"/>, by all workers; running statistics become the mean of what each piece left.</summary>
    private RunningMean ComputeTogether(Crew crew, int epoch, IFitObserver observer)
    {
        Begin();
        IReadOnlyList<ShardResult> shards = crew.Train(epoch, _step, _pieces.Pieces(_step));
        LookAt(_pieces.Images, observer);
        _isWithinStep = true;
        RunningMean mean = _mean;
        float counted = 0;
        for (int i = 0; i < shards.Count; i++)
        {
            Score(epoch, CollectionsMarshal.AsSpan(shards[i].Scores), ref mean);
            _program.Write(new Slot(Region.Gradients, 0), shards[i].Gradients);
            Accumulate(hasSeveral: shards.Count > 1, isLast: i + 1 == shards.Count, shards[i].Counting, ref counted);
        }

        if (_program.Model.MeasuredFloats > 0)
            _program.Write(new Slot(Region.Statistics, 0), MeanOfRows.Of([.. shards.Select(shard => shard.Measured)]));
        return mean;
    }

    /// <summary>Reads a piece. If that fails, what the step has done is taken back, for the run to be saved as it was before.</summary>
    private void Fetch(int piece)
    {
        try
        {
            _pieces.Fetch(_step, piece);
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
        _logs.Warned(warning, failure => Warn(failure, observer));
    }

    private void Score(int epoch, ReadOnlySpan<ImageScore> scores, ref RunningMean mean)
    {
        foreach (ImageScore score in scores)
        {
            if (!double.IsFinite(score.Loss))
                throw Diverged(epoch, _step, string.Create(CultureInfo.InvariantCulture, $"the loss is {score.Loss}."));
            mean.Add(score);
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
            Warn($"An error ended the run. {Stopped()}", observer);
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
            throw new UnsavedResultException(Report(), e);
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
