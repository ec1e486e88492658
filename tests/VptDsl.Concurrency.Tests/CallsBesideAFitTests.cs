using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Concurrency.Tests;

/// <summary>
/// Protects what other calls meet while a model is fitted or measured: a sentence that says why, never a hang or half-trained numbers.
/// </summary>
public sealed class CallsBesideAFitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-").FullName;
    private readonly DeepModel _tuner;

    public CallsBesideAFitTests() => _tuner = DeepModel.Create(_device, seed: 1);

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Calls =>
    [
        "Predict", "Embed", "Evaluate", "SaveTask", "SaveBackbone", "LoadTask", "Fit", "PredictAsync", "FitAsync",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_beside_a_fit_says_that_the_model_is_being_trained(string call)
    {
        _tuner.SaveTask(Path.Combine(_folder, "task"));
        await DuringAFit(async () =>
        {
            InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Call(call));
            Assert.Contains(
                $"Fit trains DeepModel now, and {call.Replace("Async", "")} has to wait for its end",
                refused.Message,
                StringComparison.Ordinal);
        });
        await Call("Predict");
    }

    [Fact]
    public async Task Another_tuner_of_the_device_works_beside_a_fit()
    {
        using DeepModel other = DeepModel.Create(_device, seed: 1);
        float[] expected = other.Predict(Images.Draw(2, seed: 1));
        await DuringAFit(async () => Assert.Equal(expected, await other.PredictAsync(Images.Draw(2, seed: 1))));
    }

    [Fact]
    public void What_an_epoch_calls_may_read_the_model_but_not_change_it()
    {
        string path = Path.Combine(_folder, "task");
        var saved = new List<float[]>();
        InvalidOperationException? refused = null;
        _tuner.Fit(Images.DrawSet(9, seed: 1), options: SharedModel.Learning with
        {
            EpochCompleted = report =>
            {
                _tuner.SaveTask(path);
                saved.Add(_tuner.Predict(Images.Draw(2, seed: 2)));
                Assert.Equal(9, _tuner.Evaluate(Images.DrawSet(9, seed: 1)).Count);
                refused = Assert.Throws<InvalidOperationException>(() => _tuner.LoadTask(path));
            },
        });
        Assert.Contains("LoadTask would change DeepModel while Fit trains it", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(SharedModel.Learning.Epochs, saved.Count);
        Assert.NotEqual(saved[0], saved[1]);
        Assert.Equal(saved[1], _tuner.Predict(Images.Draw(2, seed: 2)));
    }

    [Fact]
    public void Reading_the_model_between_epochs_changes_no_bit_of_the_fit()
    {
        byte[] Fitted(Action<DeepModel>? completed)
        {
            using DeepModel tuner = DeepModel.Create(_device, seed: 1);
            tuner.Fit(
                Images.DrawSet(19, seed: 1),
                Images.DrawSet(5, seed: 2),
                SharedModel.Learning with { EpochCompleted = _ => completed?.Invoke(tuner) });
            tuner.SaveTask(Path.Combine(_folder, "fitted"));
            return File.ReadAllBytes(Path.Combine(_folder, "fitted"));
        }

        Assert.Equal(Fitted(null), Fitted(tuner => tuner.Predict(Images.Draw(3, seed: 4))));
    }

    [Fact]
    public async Task A_model_may_be_used_while_it_is_measured_but_not_changed()
    {
        string path = Path.Combine(_folder, "task");
        _tuner.SaveTask(path);
        float[] expected = _tuner.Predict(Images.Draw(3, seed: 1));
        double loss = _tuner.Evaluate(Images.DrawSet(12, seed: 1), batchSize: 2).MeanLoss;
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task<Evaluation> measuring = _tuner.EvaluateAsync(
            new SlowSet(Images.DrawSet(12, seed: 1), index => Stop(index == 7, reached, goOn)), batchSize: 2);
        Assert.True(reached.Wait(Patience));

        Assert.Equal(expected, _tuner.Predict(Images.Draw(3, seed: 1)));
        foreach (Action change in new Action[]
        {
            () => _tuner.LoadTask(path), () => _tuner.Fit(Images.DrawSet(9, seed: 1), options: SharedModel.Learning),
        })
        {
            Assert.Contains(
                "while Evaluate measures it on another thread",
                Assert.Throws<InvalidOperationException>(change).Message,
                StringComparison.Ordinal);
        }

        goOn.Set();
        Assert.Equal(loss, (await measuring).MeanLoss);
        _tuner.LoadTask(path);
    }

    [Fact]
    public void A_set_may_ask_the_model_that_is_measured_on_it()
    {
        double expected = _tuner.Evaluate(Images.DrawSet(12, seed: 1)).MeanLoss;
        var asking = new SlowSet(Images.DrawSet(12, seed: 1), index => _tuner.Predict(Images.Draw(1, seed: index)));
        Assert.Equal(expected, _tuner.Evaluate(asking).MeanLoss);
    }

    [Fact]
    public async Task A_fit_that_is_cancelled_cancels_its_task_by_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        Task<FitReport> fit = _tuner.FitAsync(
            new SlowSet(Images.DrawSet(9, seed: 1), _ => cancellation.Cancel()),
            options: SharedModel.Learning,
            cancellation: cancellation.Token);
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fit);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.True(fit.IsCanceled);
        _tuner.Predict(Images.Draw(1, seed: 1));
    }

    private static void Stop(bool stops, ManualResetEventSlim reached, ManualResetEventSlim goOn)
    {
        if (!stops)
            return;
        reached.Set();
        goOn.Wait(Patience);
    }

    private async Task DuringAFit(Func<Task> act)
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task<FitReport> fit = _tuner.FitAsync(
            new SlowSet(Images.DrawSet(16, seed: 1), index => Stop(index == 3, reached, goOn)), options: SharedModel.Learning);
        Assert.True(reached.Wait(Patience));
        try
        {
            await act();
        }
        finally
        {
            goOn.Set();
            await fit;
        }
    }

    private async Task Call(string call)
    {
        float[] images = Images.Draw(2, seed: 1);
        ImageSet set = Images.DrawSet(9, seed: 1);
        string path = Path.Combine(_folder, "task");
        await Task.Yield();
        switch (call)
        {
            case "Predict": _tuner.Predict(images); break;
            case "Embed": _tuner.Embed(images); break;
            case "Evaluate": _tuner.Evaluate(set); break;
            case "SaveTask": _tuner.SaveTask(path + "2"); break;
            case "SaveBackbone": _tuner.SaveBackbone(path + "3"); break;
            case "LoadTask": _tuner.LoadTask(path); break;
            case "Fit": _tuner.Fit(set, options: SharedModel.Learning); break;
            case "PredictAsync": await _tuner.PredictAsync(images); break;
            default: await _tuner.FitAsync(set, options: SharedModel.Learning); break;
        }
    }
}
