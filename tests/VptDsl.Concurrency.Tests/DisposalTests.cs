using System.Runtime.CompilerServices;
using VptDsl.Training;

namespace VptDsl.Concurrency.Tests;

/// <summary>
/// Protects processes from memory that is freed while it is used: whatever is disposed of, in whatever order, and while whatever runs.
/// </summary>
public sealed class DisposalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tuners_outlive_the_disposal_of_their_device()
    {
        Device device = Device.Cpu(threads: 2);
        DeepModel first = DeepModel.Create(device, seed: 1);
        using LinearModel second = LinearModel.Create(device, seed: 1);
        float[] expected = first.Predict(Images.Draw(70, seed: 1));
        device.Dispose();
        device.Dispose();
        Assert.Equal(expected, first.Predict(Images.Draw(70, seed: 1)));
        first.Dispose();
        Assert.Equal(2, second.Fit(Images.DrawSet(9, seed: 1), options: SharedModel.Learning).Epochs.Length);
    }

    [Fact]
    public void A_disposed_device_takes_no_new_tuners()
    {
        Device device = Device.Cpu(threads: 1);
        device.Dispose();
        ObjectDisposedException refused = Assert.Throws<ObjectDisposedException>(() => DeepModel.Create(device));
        Assert.Contains("was disposed of, and takes no new tuners", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_tuner_stops_the_threads_of_a_disposed_device()
    {
        Device device = Device.Cpu(threads: 2);
        DeepModel tuner = DeepModel.Create(device);
        device.Dispose();
        Assert.False(((Devices.Cpu.CpuDevice)device).Workers.IsStopped);
        tuner.Dispose();
        Assert.True(((Devices.Cpu.CpuDevice)device).Workers.IsStopped);
    }

    [Fact]
    public void A_forgotten_tuner_does_not_keep_a_disposed_device()
    {
        Device device = Device.Cpu(threads: 2);
        Forget(device);
        device.Dispose();
        for (int i = 0; i < 10 && !((Devices.Cpu.CpuDevice)device).Workers.IsStopped; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(((Devices.Cpu.CpuDevice)device).Workers.IsStopped);
    }

    public static TheoryData<string> Calls =>
    [
        "Predict", "Embed", "Evaluate", "SaveTask", "SaveBackbone", "LoadTask", "Fit", "PredictAsync", "EmbedAsync", "EvaluateAsync",
        "FitAsync",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_call_on_a_disposed_tuner_says_so(string call)
    {
        using Device device = Device.Cpu(threads: 1);
        DeepModel tuner = DeepModel.Create(device);
        string path = Path.Combine(_folder, "task");
        tuner.SaveTask(path);
        tuner.Dispose();
        tuner.Dispose();
        ObjectDisposedException refused = await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await Task.Yield();
            switch (call)
            {
                case "Predict": tuner.Predict(Images.Draw(1, seed: 1)); break;
                case "Embed": tuner.Embed(Images.Draw(1, seed: 1)); break;
                case "Evaluate": tuner.Evaluate(Images.DrawSet(3, seed: 1)); break;
                case "SaveTask": tuner.SaveTask(path); break;
                case "SaveBackbone": tuner.SaveBackbone(path); break;
                case "LoadTask": tuner.LoadTask(path); break;
                case "Fit": tuner.Fit(Images.DrawSet(3, seed: 1)); break;
                case "PredictAsync": await tuner.PredictAsync(Images.Draw(1, seed: 1)); break;
                case "EmbedAsync": await tuner.EmbedAsync(Images.Draw(1, seed: 1)); break;
                case "EvaluateAsync": await tuner.EvaluateAsync(Images.DrawSet(3, seed: 1)); break;
                default: await tuner.FitAsync(Images.DrawSet(3, seed: 1)); break;
            }
        });
        Assert.Contains($"DeepModel was disposed of, and {call.Replace("Async", "")} needs it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segmenter_that_was_disposed_of_says_so()
    {
        using Device device = Device.Cpu(threads: 1);
        Segmenter tuner = Segmenter.Create(device);
        tuner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tuner.Segment(Images.Draw(1, seed: 1, channels: 3)));
    }

    [Fact]
    public void A_fit_whose_tuner_is_disposed_of_ends_at_its_next_step_and_can_go_on()
    {
        using Device device = Device.Cpu(threads: 2);
        FitOptions options = SharedModel.Learning with
        {
            Epochs = 6,
            Checkpoint = new Checkpoint(Path.Combine(_folder, "checkpoint")) { EverySteps = 1000 },
        };
        using DeepModel undisturbed = DeepModel.Create(device, seed: 1);
        undisturbed.Fit(Images.DrawSet(16, seed: 1), options: options with { Checkpoint = null });

        DeepModel tuner = DeepModel.Create(device, seed: 1);
        ObjectDisposedException ended = Assert.Throws<ObjectDisposedException>(
            () => tuner.Fit(Images.DrawSet(16, seed: 1), options: options with { EpochCompleted = report => DisposeIn(3, report, tuner) }));
        Assert.Contains("DeepModel was disposed of while Fit trained it", ended.Message, StringComparison.Ordinal);

        using DeepModel resumed = DeepModel.Create(device, seed: 1);
        resumed.Fit(Images.DrawSet(16, seed: 1), options: options);
        Assert.Equal(undisturbed.Predict(Images.Draw(3, seed: 5)), resumed.Predict(Images.Draw(3, seed: 5)));
    }

    [Fact]
    public async Task An_evaluation_whose_tuner_is_disposed_of_ends_with_that_reason()
    {
        using Device device = Device.Cpu(threads: 2);
        DeepModel tuner = DeepModel.Create(device);
        var set = new SlowSet(Images.DrawSet(12, seed: 1), index =>
        {
            if (index == 5)
                tuner.Dispose();
        });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => tuner.EvaluateAsync(set, batchSize: 2).WaitAsync(Patience));
    }

    [Fact]
    public void A_tuner_that_nobody_holds_on_to_finishes_what_it_computes()
    {
        using Device device = Device.Cpu(threads: 2);
        using DeepModel held = DeepModel.Create(device, seed: 1);
        float[] images = Images.Draw(300, seed: 1), expected = held.Predict(images);
        using var stop = new CancellationTokenSource();
        var collecting = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collecting.Start();
        for (int i = 0; i < 20; i++)
            Assert.Equal(expected, DeepModel.Create(device, seed: 1).Predict(images));
        stop.Cancel();
        collecting.Join();
    }

    private static void DisposeIn(int epoch, EpochReport report, DeepModel tuner)
    {
        if (report.Epoch == epoch)
            tuner.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Device device) => DeepModel.Create(device).Predict(Images.Draw(1, seed: 1));
}
