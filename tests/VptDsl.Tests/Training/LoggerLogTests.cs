using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using VptDsl.Data;
using VptDsl.Testing.Documentation;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Training.Logs;

namespace VptDsl.Tests.Training;

/// <summary>
/// Protects who watches hosted training by its events: their ids, names, levels and properties, whatever the culture, and a run whose
/// logger fails.
/// </summary>
public sealed class LoggerLogTests : IDisposable
{
    private static readonly IImageSource Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(10, seed: 2);

    private readonly TempFolder _folder = new();
    private readonly Collector _collector = new();

    private FitOptions Options => new()
    {
        Epochs = 3,
        BatchSize = 6,
        Seed = 5,
        Progress = ProgressDisplay.Off,
        LogEverySteps = 5,
        Logs = [new LoggerLog(_collector)],
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_its_beginning_its_steps_its_epochs_and_its_end_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
        try
        {
            FitReport report = Fit(Options);

            Assert.Equal(
                ["RunBegan", "EpochValidated", "NumberLogged", "NumberLogged", "EpochValidated", "NumberLogged", "NumberLogged",
                    "EpochValidated", "RunCompleted"],
                Names);
            Assert.All(_collector.Events, e => Assert.Equal(e.Id.Id == 10 ? LogLevel.Debug : LogLevel.Information, e.Level));
            Assert.Equal([1, 4, 10, 10, 4, 10, 10, 4, 7], _collector.Events.Select(e => e.Id.Id));
            Event epoch = _collector.Events[1];
            EpochReport first = report.Epochs[0];
            Assert.Equal(
                [("Epoch", 1), ("TrainLoss", first.TrainLoss), ("TrainAccuracy", first.TrainAccuracy),
                    ("ValidationLoss", first.ValidationLoss), ("ValidationAccuracy", first.ValidationAccuracy),
                    ("ImagesPerSecond", first.ImagesPerSecond)],
                epoch.Properties);
            Assert.Equal(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Epoch 1: loss {first.TrainLoss:F4} accuracy {first.TrainAccuracy:P1}, validation loss {first.ValidationLoss:F4} "
                        + $"accuracy {first.ValidationAccuracy:P1}, {first.ImagesPerSecond:F0} images/s."),
                epoch.Text);
            Assert.Equal(
                [("Step", 5), ("Name", "train/step_loss")], _collector.Events[2].Properties[..2]);
            Assert.Equal([("Epochs", 3), ("BestEpoch", report.BestEpoch), ("StoppedEarly", false)],
                _collector.Events[^1].Properties.Where(p => p.Name != "Seconds"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Without_a_validation_set_an_epoch_says_nothing_of_one()
    {
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, Train, validation: null, Options);

        Event epoch = _collector.Events.First(e => e.Id.Id == 3);
        Assert.Equal("EpochTrained", epoch.Id.Name);
        Assert.Equal(["Epoch", "TrainLoss", "TrainAccuracy", "ImagesPerSecond"], epoch.Properties.Select(p => p.Name));
    }

    [Fact]
    public void An_epoch_of_label_maps_or_of_several_classes_has_its_measure()
    {
        var log = new LoggerLog(_collector);
        EpochReport epoch = new()
        {
            Epoch = 7,
            TrainLoss = double.NaN,
            TrainAccuracy = 0.5,
            ValidationLoss = double.PositiveInfinity,
            ValidationAccuracy = 0.25,
            LearningRate = 1,
            Seconds = 1,
            ImagesPerSecond = 12,
        };

        log.EpochEnded(28, epoch with { ValidationMeanIoU = 0.125 });
        log.EpochEnded(28, epoch with { ValidationMeanAveragePrecision = 0.75 });

        Assert.Equal([5, 6], _collector.Events.Select(e => e.Id.Id));
        Assert.Contains(("ValidationMeanIoU", 0.125), _collector.Events[0].Properties);
        Assert.Contains(("ValidationMeanAveragePrecision", 0.75), _collector.Events[1].Properties);
        Assert.Equal(
            "Epoch 7: loss NaN accuracy 50.0 %, validation loss Infinity accuracy 25.0 % mIoU 12.5 %, 12 images/s.",
            _collector.Events[0].Text);
    }

    [Fact]
    public void What_looks_wrong_before_the_run_and_within_it_is_a_warning()
    {
        using var program = new SoftmaxRegression(3, 3);
        FitReport report = Trainer.Fit(
            program, Train, Validation, Options with { Logs = [new LoggerLog(_collector), new FailingLog()] }, console: null,
            warnings: ["{Epoch} % looks wrong"]);

        Event[] warnings = [.. _collector.Events.Where(e => e.Level == LogLevel.Warning)];
        Assert.Equal(report.Warnings, warnings.Select(e => e.Text));
        Assert.Equal(2, warnings.Length);
        Assert.All(warnings, e => Assert.Equal((9, "RunWarned"), (e.Id.Id, e.Id.Name)));
        Assert.Equal(("Warning", "{Epoch} % looks wrong"), Assert.Single(warnings[0].Properties));
    }

    [Fact]
    public void A_run_that_ends_before_its_time_says_where_and_goes_on()
    {
        FitOptions saved = Options with { Checkpoint = new Checkpoint(_folder.Path("run.checkpoint")) { EverySteps = 5 } };
        Assert.Throws<DeathException>(() => Fit(saved, new DyingSource(Train, 30)));
        Assert.Equal("RunStopped", Names[^1]);
        Assert.Equal(LogLevel.Warning, _collector.Events[^2].Level);
        _collector.Events.Clear();

        Fit(saved);

        Assert.Equal("RunResumed", Names[0]);
        Assert.Equal("RunCompleted", Names[^1]);
        Assert.Equal("Step", Assert.Single(_collector.Events[0].Properties).Name);
    }

    [Fact]
    public void A_finished_run_that_is_asked_for_again_logs_nothing()
    {
        FitOptions saved = Options with { Checkpoint = new Checkpoint(_folder.Path("run.checkpoint")) };
        Fit(saved);
        _collector.Events.Clear();

        Fit(saved);

        Assert.Empty(_collector.Events);
    }

    [Fact]
    public void A_logger_that_fails_is_a_warning_of_the_run()
    {
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(new FailingProvider(failsFrom: 2)));

        FitReport report = Fit(Options with { Logs = [new LoggerLog(factory.CreateLogger("fit")), new LoggerLog(_collector)] });

        Assert.Equal(
            "The log to an ILogger could not be written: the logger failed: no connection. Mend the provider that it writes to, or "
                + "leave the log out. The run goes on without it.",
            Assert.Single(report.Warnings));
        Assert.Contains("RunWarned", Names);
        Assert.Equal("RunCompleted", Names[^1]);
    }

    /// <summary>Loggers of other makers throw what they like.</summary>
    [Fact]
    public void A_logger_of_ones_own_that_fails_is_a_warning_too()
    {
        FitReport report = Fit(Options with { Logs = [new LoggerLog(new FailingProvider(failsFrom: 2))] });

        Assert.StartsWith(
            "The log to an ILogger could not be written: the logger failed: no connection. ", Assert.Single(report.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_logger_leaves_out_is_left_out()
    {
        _collector.Lowest = LogLevel.Warning;

        Fit(Options);

        Assert.Empty(_collector.Events);
    }

    /// <summary>Who filters events finds them on the page, by the ids that they have.</summary>
    [Fact]
    public void The_page_has_every_event()
    {
        string page = RepositoryFiles.Read("docs/training.md");
        (string Name, LoggerMessageAttribute Event)[] events =
        [
            .. typeof(LoggerLog).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
                .Where(method => method.IsDefined(typeof(LoggerMessageAttribute)))
                .Select(method => (method.Name, method.GetCustomAttribute<LoggerMessageAttribute>()!)),
        ];
        Assert.Equal(10, events.Length);
        Assert.All(events, e => Assert.Matches($@"\| {e.Event.EventId} `{e.Name}`[^|]*\| {e.Event.Level} \|", page));
    }

    private IReadOnlyList<string?> Names => [.. _collector.Events.Select(e => e.Id.Name)];

    private static FitReport Fit(FitOptions options, IImageSource? train = null)
    {
        using var program = new SoftmaxRegression(3, 3);
        return Trainer.Fit(program, train ?? Train, Validation, options);
    }

    private sealed record Event(LogLevel Level, EventId Id, (string Name, object? Value)[] Properties, string Text);

    private sealed class Collector : ILogger
    {
        public List<Event> Events { get; } = [];

        public LogLevel Lowest { get; set; } = LogLevel.Trace;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Lowest;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var properties = (IReadOnlyList<KeyValuePair<string, object?>>)state!;
            Events.Add(new Event(
                logLevel, eventId, [.. properties.Where(p => p.Key != "{OriginalFormat}").Select(p => (p.Key, p.Value))],
                formatter(state, exception)));
        }
    }

    private sealed class FailingLog : IRunLog
    {
        public void Begin(int step)
        {
        }

        public void Log(int step, IReadOnlyList<LoggedValue> values) => throw new IOException("no space left.");

        public void End()
        {
        }
    }

    private sealed class FailingProvider(int failsFrom) : ILoggerProvider, ILogger
    {
        private int _count;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (++_count >= failsFrom)
                throw new InvalidOperationException("no connection.");
        }
    }
}
