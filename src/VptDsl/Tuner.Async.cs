using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl;

// The asynchronous forms. A server may have many of them waiting at once: they wait without a thread, in the order in which they came.
public abstract partial class Tuner
{
    /// <summary><see cref="Fit"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Fit"/>
    public Task<FitReport> FitAsync(
        IImageSource train, IImageSource? validation = null, FitOptions? options = null, CancellationToken cancellation = default) =>
        OnOwnThread(() => Fit(train, validation, options, cancellation), cancellation);

    /// <summary><see cref="Evaluate"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public Task<Evaluation> EvaluateAsync(IImageSource source, int batchSize = 64, CancellationToken cancellation = default) =>
        OnOwnThread(() => Evaluate(source, batchSize, cancellation), cancellation);

    /// <summary><see cref="Predict(ReadOnlySpan{float})"/> on another thread, when the device is free.</summary>
    /// <param name="images">[images, channels, height, width], normalised as in training; not to be changed until the task has ended.</param>
    /// <param name="cancellation">Ends the waiting, and stops between two batches of 64 images.</param>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<float[]> PredictAsync(ReadOnlyMemory<float> images, CancellationToken cancellation = default) =>
        InQueueAsync(() => Predict(images.Span, cancellation), cancellation);

    /// <summary><see cref="Predict(string)"/> on another thread, when the device is free.</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <inheritdoc cref="Predict(string)"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<float[]> PredictAsync(string path, CancellationToken cancellation = default)
    {
        float[]? probabilities;
        do
        {
            ImagePipeline pipeline = UsablePipeline();
            float[] image = await Task.Run(() => pipeline.ReadImage(path), cancellation).ConfigureAwait(false);
            probabilities = await InQueueAsync(() => PredictIfStill(pipeline, image, cancellation), cancellation).ConfigureAwait(false);
        }
        while (probabilities is null);
        return probabilities;
    }

    /// <summary><see cref="Embed(ReadOnlySpan{float})"/> on another thread, when the device is free.</summary>
    /// <param name="images">[images, channels, height, width], normalised as in training; not to be changed until the task has ended.</param>
    /// <param name="cancellation">Ends the waiting, and stops between two batches of 64 images.</param>
    /// <inheritdoc cref="Embed(ReadOnlySpan{float})"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<float[]> EmbedAsync(ReadOnlyMemory<float> images, CancellationToken cancellation = default) =>
        InQueueAsync(() => Embed(images.Span, cancellation), cancellation);

    /// <summary>Runs a call on the thread pool when it has come to the head of the device's queue.</summary>
    private protected async Task<T> InQueueAsync<T>(Func<T> call, CancellationToken cancellation)
    {
        await Device.Queue.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(call, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Device.Queue.Release();
        }
    }

    private static Task<T> OnOwnThread<T>(Func<T> call, CancellationToken cancellation) => Task.Factory.StartNew(
        call, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
