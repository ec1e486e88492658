using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VptDsl.Orleans.Silos;

/// <summary>What listeners of .NET's metrics and traces hear of sweeps: meter and source are named <c>VptDsl.Sweeps</c>.</summary>
internal static class SweepMetrics
{
    private const string Name = "VptDsl.Sweeps";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly UpDownCounter<int> Running = Meter.CreateUpDownCounter<int>(
        "vptdsl.sweeps.runs.active", "{run}", "Runs under way on this silo.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "vptdsl.sweeps.run.duration", "s", "How long runs took, by how they ended: done, failed or left.");
    private static readonly Counter<int> Losses = Meter.CreateCounter<int>(
        "vptdsl.sweeps.runs.lost", "{run}", "Runs taken from workers that were not heard of.");

    /// <summary>A run begins; it ends with the disposal of what comes back.</summary>
    public static RunMeasurement Begin(string sweep, string run, int attempt) => new(
        Source.StartActivity("sweep run")?.AddTag("vptdsl.sweep", sweep).AddTag("vptdsl.run", run).AddTag("vptdsl.attempt", attempt));

    /// <summary>A run was taken from a worker.</summary>
    public static void Lost(string worker) => Losses.Add(1, new KeyValuePair<string, object?>("vptdsl.worker", worker));

    /// <summary>A run that is measured.</summary>
    internal sealed class RunMeasurement : IDisposable
    {
        private readonly Activity? _activity;
        private readonly long _start = Stopwatch.GetTimestamp();

        public RunMeasurement(Activity? activity)
        {
            _activity = activity;
            Running.Add(1);
        }

        /// <summary>How it ended.</summary>
        public string Outcome { get; set; } = "left";

        public void Dispose()
        {
            Running.Add(-1);
            Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>("vptdsl.outcome", Outcome));
            _activity?.AddTag("vptdsl.outcome", Outcome);
            _activity?.SetStatus(Outcome == "failed" ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            _activity?.Dispose();
        }
    }
}
