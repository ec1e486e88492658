using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace VptDsl.Serving.Tests;

/// <summary>Protects those who watch a server from numbers that are not its own.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Predictions_batches_and_the_queue_are_measured()
    {
        await using TestServer server = await TestServer.StartAsync();
        var meters = server.App.Services.GetRequiredService<IMeterFactory>();
        ConcurrentDictionary<string, double> sums = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == TaskServing.MeterName && instrument.Meter.Scope == meters)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value > 0 ? 1 : 0, tags));
        listener.Start();

        await server.PredictAsync("task0");
        await server.PostAsync("/v1/predict?task=task0&task=task1", TestTasks.Instance.Images[0]);
        await server.PostAsync("/v1/tasks/task2/predict", [1, 2, 3]);
        await server.PredictAsync("nothing");
        listener.RecordObservableInstruments();

        Assert.Equal(2, sums["vptdsl.predictions task0 answered"]);
        Assert.Equal(1, sums["vptdsl.predictions task1 answered"]);
        Assert.Equal(1, sums["vptdsl.predictions task2 rejected"]);
        Assert.DoesNotContain(sums.Keys, key => key.Contains("nothing", StringComparison.Ordinal));
        Assert.Equal(3, sums["vptdsl.batch.images"]);
        Assert.Equal(2, sums["vptdsl.batch.duration"]);
        Assert.Equal(2, sums["vptdsl.prediction.duration task0 answered"]);
        Assert.Equal(0, sums["vptdsl.queue.waiting"]);
        Assert.Equal(3, sums["vptdsl.tasks"]);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            sums.AddOrUpdate(
                string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)]), value, (_, sum) => sum + value);
    }

    [Fact]
    public async Task A_request_is_traced_with_its_tasks_and_its_batch()
    {
        await using TestServer server = await TestServer.StartAsync();
        ConcurrentQueue<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TaskServing.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await server.PostAsync("/v1/predict?task=task2&task=task1", TestTasks.Instance.Images[0]);
        // Other tests' servers are traced too.
        Activity activity = Assert.Single(ended, activity => activity.GetTagItem("vptdsl.tasks") is "task2,task1");
        Assert.Equal(2, activity.GetTagItem("vptdsl.batch.images"));
    }
}
