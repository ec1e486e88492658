using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Training;

namespace VptDsl;

// The asynchronous forms. A server may have many of them waiting at once: they wait without a thread, in the order in which they came.
public abstract partial class Tuner
{
    /// <summary><see cref="Fit"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Fit"/>
    public Task<FitReport> FitAsync(
        IImageSource train, IImageSource? validation = null, FitOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return OnOwnThread(() => Fit(train, validation, options, cancellation), cancellation);
    }

    /// <summary><see cref="Evaluate"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public Task<Evaluation> EvaluateAsync(IImageSource source, int batchSize = 64, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return OnOwnThread(() => Evaluate(source, batchSize, cancellation), cancellation);
    }

    /// <summary><see cref="Predict(ReadOnlySpan{float})"/> on another thread, when the device is free.</summary>
    /// <param name="images">
    /// [images, channels, height, width], normalised as in training; not to be changed until the task has ended.
    /// </param>
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
    public Task<float[]> PredictAsync(string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PredictAsync(pipeline => pipeline.ReadImage(path), cancellation);
    }

    /// <summary><see cref="Predict(ReadOnlySpan{byte})"/> on another thread, when the device is free.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF; not to be changed until the task has ended.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <inheritdoc cref="Predict(ReadOnlySpan{byte})"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<float[]> PredictAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellation = default) =>
        PredictAsync(pipeline => pipeline.ReadImage(encoded.Span), cancellation);

    /// <summary><see cref="Predict(Stream)"/> on another thread, when the device is free.</summary>
    /// <param name="stream">JPEG, PNG, WebP, BMP or GIF, from where it stands to its end. It stays open.</param>
    /// <param name="cancellation">Ends the reading and the waiting.</param>
    /// <inheritdoc cref="Predict(Stream)"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<float[]> PredictAsync(Stream stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        UsablePipeline();
        byte[] encoded = await EncodedStream.ReadAsync(stream, cancellation).ConfigureAwait(false);
        string name = EncodedStream.NameOf(stream);
        return await PredictAsync(pipeline => pipeline.ReadImage(encoded, name), cancellation).ConfigureAwait(false);
    }

    /// <summary><see cref="Embed(ReadOnlySpan{float})"/> on another thread, when the device is free.</summary>
    /// <param name="images">
    /// [images, channels, height, width], normalised as in training; not to be changed until the task has ended.
    /// </param>
    /// <param name="cancellation">Ends the waiting, and stops between two batches of 64 images.</param>
    /// <inheritdoc cref="Embed(ReadOnlySpan{float})"/>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<float[]> EmbedAsync(ReadOnlyMemory<float> images, CancellationToken cancellation = default) =>
        InQueueAsync(() => Embed(images.Span, cancellation), cancellation);

    private async Task<float[]> PredictAsync(Func<ImagePipeline, float[]> read, CancellationToken cancellation)
    {
        // Many images may be read at once, before their turns in the queue.
        ImagePipeline first = UsablePipeline();
        float[] image = await Task.Run(() => read(first), cancellation).ConfigureAwait(false);
        return await InQueueAsync(
            () => Predict(pipeline => ReferenceEquals(pipeline, first) ? image : read(pipeline), cancellation), cancellation)
            .ConfigureAwait(false);
    }

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
