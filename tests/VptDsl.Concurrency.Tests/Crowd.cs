using System.Diagnostics;

namespace VptDsl.Concurrency.Tests;

/// <summary>
/// Threads that do at random what users do: every call on shared tuners and on their own, cancelled or not, while others dispose of tuners
/// and device under their hands. A call may end with its result, which must be the one of a single thread to the bit, or with an exception
/// that says what was done wrong.
/// </summary>
internal sealed class Crowd
{
    private static readonly TimeSpan Hanging = TimeSpan.FromMinutes(10);

    private readonly SharedModel[] _models;
    private readonly Func<Device>? _openDevice;
    private readonly string _folder;
    private readonly Tuner[] _tuners;
    private Device _device;
    private long _calls;
    private volatile Exception? _failure;

    /// <param name="models">The models; a tuner of each is shared.</param>
    /// <param name="device">The device. It is disposed of in the end.</param>
    /// <param name="openDevice">Opens another, where it is quick to do so: then the device is disposed of every now and then.</param>
    /// <param name="folder">Where files may be written.</param>
    public Crowd(SharedModel[] models, Device device, Func<Device>? openDevice, string folder)
    {
        (_models, _device, _openDevice, _folder) = (models, device, openDevice, folder);
        _tuners = [.. models.Select(model => model.Open(device))];
    }

    /// <summary>Lets the threads loose, and waits for them.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="time">For how long.</param>
    /// <param name="least">How many calls must give a result, though it takes longer.</param>
    /// <returns>How many calls gave a result.</returns>
    public long Run(int threads, TimeSpan time, long least)
    {
        var end = new End(Stopwatch.GetTimestamp(), time, least);
        Thread[] crowd = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Use(i, end)) { IsBackground = true })];
        foreach (Thread thread in crowd)
            thread.Start();
        foreach (Thread thread in crowd)
            Assert.True(thread.Join(time + Hanging), "A call never came back.");

        _device.Dispose();
        foreach (Tuner tuner in _tuners)
            tuner.Dispose();
        Assert.Null(_failure);
        return _calls;
    }

    /// <summary>When threads may stop: not before there were enough calls, however busy the machine is.</summary>
    private sealed record End(long Start, TimeSpan Time, long Least);

    private void Use(int thread, End end)
    {
        var random = new Random(thread);
        string file = Path.Combine(_folder, $"thread{thread}");
        while ((Stopwatch.GetElapsedTime(end.Start) < end.Time || Interlocked.Read(ref _calls) < end.Least) && _failure is null)
        {
            int model = random.Next(_models.Length);
            using var cancellation = new CancellationTokenSource();
            if (random.Next(4) == 0)
                cancellation.CancelAfter(random.Next(3));
            try
            {
                Call(_models[model], model, random, file, cancellation.Token);
                Interlocked.Increment(ref _calls);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
            }
            catch (ObjectDisposedException e) when (e.Message.Contains("dispos", StringComparison.Ordinal))
            {
            }
            catch (InvalidOperationException e) when (e.Message.Contains("Fit", StringComparison.Ordinal)
                || e.Message.Contains("measures", StringComparison.Ordinal))
            {
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }
    }

    private void Call(SharedModel model, int index, Random random, string file, CancellationToken cancellation)
    {
        Tuner tuner = Volatile.Read(ref _tuners[index]);
        int batch = SharedModel.Batches[random.Next(SharedModel.Batches.Length)];
        switch (random.Next(24))
        {
            case < 6:
                model.CheckPredicted(batch, tuner.Predict(Images.Draw(batch, seed: batch)));
                break;
            case < 10:
                model.CheckPredicted(batch, tuner.PredictAsync(Images.Draw(batch, seed: batch), cancellation).GetAwaiter().GetResult());
                break;
            case < 12:
                model.CheckEmbedded(batch, tuner.Embed(Images.Draw(batch, seed: batch)));
                break;
            case < 14:
                model.CheckEvaluated(tuner.Evaluate(Images.DrawSet(20, seed: 9), batchSize: 6, cancellation));
                break;
            case 14:
                model.CheckEvaluated(tuner.EvaluateAsync(Images.DrawSet(20, seed: 9), batchSize: 6, cancellation).GetAwaiter().GetResult());
                break;
            case < 17:
                tuner.LoadTask(model.Tasks[random.Next(model.Tasks.Length)]);
                break;
            case 17:
                tuner.SaveTask(file);
                model.CheckSaved(File.ReadAllBytes(file));
                break;
            case 18:
                tuner.Fit(Images.DrawSet(16, seed: 7), options: SharedModel.StandingStill, cancellation: cancellation);
                break;
            case 19:
                tuner.FitAsync(Images.DrawSet(16, seed: 7), options: SharedModel.StandingStill, cancellation: cancellation)
                    .GetAwaiter().GetResult();
                break;
            case < 22:
                FitOwn(model, file);
                break;
            case 22:
                Interlocked.Exchange(ref _tuners[index], model.Open(Volatile.Read(ref _device))).Dispose();
                break;
            default:
                if (_openDevice is not null && random.Next(8) == 0)
                    Interlocked.Exchange(ref _device, _openDevice()).Dispose();
                break;
        }
    }

    private void FitOwn(SharedModel model, string file)
    {
        using Tuner own = model.Create(Volatile.Read(ref _device));
        if (!SharedModel.Fit(own, file).AsSpan().SequenceEqual(model.Fitted))
            throw new InvalidDataException("Fit beside other calls gave another task than alone.");
    }
}
