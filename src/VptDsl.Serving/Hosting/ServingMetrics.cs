using System.Diagnostics;
using System.Diagnostics.Metrics;
using VptDsl.MultiTask;

namespace VptDsl.Serving.Hosting;

/// <summary>What is measured and traced.</summary>
internal sealed class ServingMetrics : IDisposable
{
    private static readonly double[] Seconds = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10];
    private static readonly int[] Images = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Meter _meter;
    private readonly Histogram<int> _batchImages;
    private readonly Histogram<double> _batchSeconds, _predictionSeconds;
    private readonly Counter<long> _predictions, _reloads;
    private MultiTaskModel? _model;
    private long _batches, _computed, _ticks;

    public ServingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(TaskServing.MeterName);
        _meter.CreateObservableUpDownCounter(
            "vptdsl.queue.waiting", () => _model?.Waiting ?? 0, "{image}", "Images that wait for the device.");
        _meter.CreateObservableUpDownCounter("vptdsl.tasks", () => _model?.Tasks.Count ?? 0, "{task}", "Tasks that are served.");
        _batchImages = _meter.CreateHistogram<int>(
            "vptdsl.batch.images", "{image}", "Images of a batch.", null, new() { HistogramBucketBoundaries = Images });
        _batchSeconds = _meter.CreateHistogram<double>(
            "vptdsl.batch.duration", "s", "Device time of a batch.", null, new() { HistogramBucketBoundaries = Seconds });
        _predictionSeconds = _meter.CreateHistogram<double>(
            "vptdsl.prediction.duration", "s", "From a request to its answer.", null, new() { HistogramBucketBoundaries = Seconds });
        _predictions = _meter.CreateCounter<long>("vptdsl.predictions", "{prediction}", "Answers by task and outcome.");
        _reloads = _meter.CreateCounter<long>("vptdsl.task.loads", "{load}", "Task files that were read, by outcome.");
    }

    /// <summary>Where requests are traced.</summary>
    public static ActivitySource Activities { get; } = new(TaskServing.ActivitySourceName);

    /// <summary>Batches, their images and their device time since the start.</summary>
    public (long Batches, long Images, TimeSpan DeviceTime) Totals =>
        (Volatile.Read(ref _batches), Volatile.Read(ref _computed), new TimeSpan(Volatile.Read(ref _ticks)));

    /// <summary>Measures a model's queue from now on.</summary>
    public void Watch(MultiTaskModel? model) => _model = model;

    public void Computed(BatchReport batch)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _computed, batch.Images);
        Interlocked.Add(ref _ticks, batch.Elapsed.Ticks);
        _batchImages.Record(batch.Images);
        _batchSeconds.Record(batch.Elapsed.TotalSeconds);
    }

    /// <summary>A task was asked.</summary>
    /// <param name="task">One that is served: names of no task would make as many series as somebody likes.</param>
    /// <param name="outcome">answered, refused, rejected, cancelled or failed.</param>
    /// <param name="elapsed">From the request to its end.</param>
    public void Asked(string task, string outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "task", task }, { "outcome", outcome } };
        _predictions.Add(1, tags);
        _predictionSeconds.Record(elapsed.TotalSeconds, tags);
    }

    public void Loaded(bool succeeded) => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "loaded" : "failed"));

    public void Dispose() => _meter.Dispose();
}
