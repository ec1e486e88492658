using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VptDsl.MultiTask;
using VptDsl.Serving.Http;

namespace VptDsl.Serving.Hosting;

/// <summary>
/// Puts the model on its device when the host starts, follows the task folder, and answers what waits when the host stops.
/// </summary>
internal sealed partial class TaskHost(
    IServiceProvider services, TaskModelFactory factory, IOptions<TaskServingOptions> options, ServingMetrics metrics,
    IHostApplicationLifetime lifetime, ILogger<TaskHost> logger) : BackgroundService
{
    private const int FailureExitCode = 1;

    private readonly SemaphoreSlim _changed = new(0, 1);
    private volatile MultiTaskModel? _model;

    /// <summary>Whether images are answered.</summary>
    public bool IsReady => _model is not null && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The model.</summary>
    /// <exception cref="RequestProblem">It is still being loaded, or the server stops.</exception>
    public MultiTaskModel Model => lifetime.ApplicationStopping.IsCancellationRequested ? throw Stopping() : _model ?? throw Loading();

    /// <summary>The model, if it is there.</summary>
    public bool TryGetModel([NotNullWhen(true)] out MultiTaskModel? model) => (model = _model) is not null;

    public static RequestProblem Stopping() => new(
        StatusCodes.Status503ServiceUnavailable, "Stopping", "The server is stopping: ask another one.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_model is { } model)
            LogDraining(logger, model.Waiting);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (ExecuteTask is { IsCompleted: false })
            LogGivenUp(logger);
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The device and the backbone take a while; meanwhile the host is up and says that it is not ready.
        await Task.Yield();
        try
        {
            await ServeAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The host only stops, as if it had been told to: what looks after the process would take that for somebody's wish.
            Environment.ExitCode = FailureExitCode;
            throw;
        }
    }

    private async Task ServeAsync(CancellationToken stoppingToken)
    {
        TaskServingOptions serving = options.Value;
        MultiTaskModel model = Create(serving.Batching);
        using var folder = new TaskFolder(model, serving.TaskFolder, serving.PollInterval, metrics, logger);
        using FileSystemWatcher? watcher = Watch(serving.TaskFolder);
        bool isUnsettled = folder.Look();
        _model = model;
        metrics.Watch(model);
        LogReady(logger, model.Tasks.Count, serving.TaskFolder, serving.ApiKeys.Count == 0 ? "everybody" : "holders of keys");
        try
        {
            while (true)
            {
                TimeSpan pause = isUnsettled ? TaskFolder.Settling : serving.PollInterval;
                await _changed.WaitAsync(pause, stoppingToken).ConfigureAwait(false);
                isUnsettled = folder.Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger);
        }
        finally
        {
            // Tasks come back from copies of the folder's files: what waits is answered before those go.
            await Task.Run(model.Dispose, CancellationToken.None).ConfigureAwait(false);
            metrics.Watch(null);
        }
    }

    private MultiTaskModel Create(MultiTaskOptions batching)
    {
        Tuner tuner = factory.Create(services);
        try
        {
            return new MultiTaskModel(tuner, batching with
            {
                BatchCompleted = batch =>
                {
                    metrics.Computed(batch);
                    batching.BatchCompleted?.Invoke(batch);
                },
            });
        }
        catch
        {
            tuner.Dispose();
            throw;
        }
    }

    /// <summary>Tells of changes at once, where the system can.</summary>
    private FileSystemWatcher? Watch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder, "*" + TaskFolder.Extension);
            FileSystemEventHandler changed = (_, _) => Changed();
            watcher.Changed += changed;
            watcher.Created += changed;
            watcher.Deleted += changed;
            watcher.Renamed += (_, _) => Changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or ArgumentException)
        {
            LogPolling(logger, folder, e.Message);
            return null;
        }
    }

    private void Changed()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It will be looked at anyway, or not any more.
        }
    }

    private static RequestProblem Loading() => new(
        StatusCodes.Status503ServiceUnavailable, "Loading", "The backbone is being loaded: ask again in a moment.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    [LoggerMessage(10, LogLevel.Information, "{Tasks} tasks of {Folder} are served, to {Callers}.")]
    private static partial void LogReady(ILogger logger, int tasks, string folder, string callers);

    [LoggerMessage(11, LogLevel.Information, "Stopping: {Images} images that wait are answered first.")]
    private static partial void LogDraining(ILogger logger, int images);

    [LoggerMessage(12, LogLevel.Warning, "Stopped before all images were answered: the time to shut down was over.")]
    private static partial void LogGivenUp(ILogger logger);

    [LoggerMessage(14, LogLevel.Debug, "The folder is followed no more.")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(13, LogLevel.Warning, "Changes of {Folder} are seen by looking only: {Problem}")]
    private static partial void LogPolling(ILogger logger, string folder, string problem);
}
