using Microsoft.Extensions.Options;
using Study;
using VptDsl;
using VptDsl.Data;
using VptDsl.Serving;
using VptDsl.Training;

namespace TaskServer;

/// <summary>
/// Tunes the tasks that the folder lacks while the server is up: each is served as soon as its file is there, as any file that comes.
/// </summary>
internal sealed partial class FirstTasks(
    Device device, Backbone backbone, IOptions<TaskServingOptions> options, IConfiguration configuration, ILogger<FirstTasks> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            foreach (StudyTask task in StudyTask.All)
            {
                string file = Path.Combine(options.Value.TaskFolder, $"{task.Key}.safetensors");
                if (!File.Exists(file))
                    TryTune(task, file, stoppingToken);
            }
        },
        stoppingToken);

    /// <summary>What becomes of one must not end the server, which answers for the others.</summary>
    private void TryTune(StudyTask task, string file, CancellationToken stopping)
    {
        try
        {
            Tune(task, file, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogFailed(logger, task.Key, file, e);
        }
    }

    private void Tune(StudyTask task, string file, CancellationToken stopping)
    {
        LogTuning(logger, task.Key);
        (ImageSet labelled, _) = task.ReadAll(backbone.Folder);
        using ServedModel tuner = ServedModel.Load(device, backbone.File, seed: 0);
        FitReport report = tuner.Fit(labelled, cancellation: stopping, options: new FitOptions
        {
            Epochs = configuration.GetValue("Epochs", defaultValue: 6),
            BatchSize = 16,
            // QuickStart's for this declaration.
            BaseLearningRate = 0.5,
            Optimizer = Optimizer.AdamW with { WeightDecay = 2 },
            Seed = 0,
            Progress = ProgressDisplay.Off,
        });
        tuner.Pipeline = new ImagePipeline(task.Normalization).Resize(ServedModel.ImageSize);
        tuner.SaveTask(file);
        LogTuned(logger, task.Key, report.Epochs.Length);
    }

    [LoggerMessage(1, LogLevel.Information, "Tuning {Task} on 1,000 images, since the folder has no such task.")]
    private static partial void LogTuning(ILogger logger, string task);

    [LoggerMessage(3, LogLevel.Error, "{Task} could not be tuned and saved as {File}; it is tried again when the server starts again.")]
    private static partial void LogFailed(ILogger logger, string task, string file, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "Tuned {Task} in {Epochs} epochs.")]
    private static partial void LogTuned(ILogger logger, string task, int epochs);
}
