using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Testing;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// Protects training as a whole on the devices that run emitted kernels: after epochs with warm-up, batches that are not full, and
/// validation, losses and logits are those of the CPU device. Only rounding may differ, and it grows with every step.
/// </summary>
public sealed class DeviceTrainingTests
{
    private const double Tolerance = 1e-3;

    public static TheoryData<string> Simulated =>
        [.. TestTier.Cases([nameof(LateDeep), nameof(OddShallow), nameof(SideBeside)], quick: [nameof(LateDeep)])];

    [Theory]
    [MemberData(nameof(Simulated))]
    public void The_simulator_trains_like_the_CPU(string model)
    {
        using Device device = Device.Simulator();
        TrainsLikeTheCpu(model, device);
    }

    [SkippableTheory]
    [InlineData(nameof(LateDeep))]
    public void OpenCL_trains_like_the_CPU(string model)
    {
        using Device? found = OpenClOnCpu.TryOpen();
        TrainsLikeTheCpu(model, OpenClOnCpu.Require(found));
    }

    private static void TrainsLikeTheCpu(string model, Device device)
    {
        using Device cpu = Device.Cpu();
        (FitReport expectedReport, float[] expectedLogits) = Fit(model, cpu);
        (FitReport report, float[] logits) = Fit(model, device);

        Near(expectedReport, report, "training loss", epoch => epoch.TrainLoss);
        Near(expectedReport, report, "validation loss", epoch => epoch.ValidationLoss!.Value);
        Assert.Equal(expectedReport.BestEpoch, report.BestEpoch);
        Assert.InRange(RelativeError.Of(logits, expectedLogits), 0, Tolerance);
    }

    private static (FitReport Report, float[] Logits) Fit(string model, Device device)
    {
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        FitReport report = tuner.Fit(
            ModelCase.DrawSet(tuner, count: 10, seed: 1), ModelCase.DrawSet(tuner, count: 6, seed: 2), ModelCase.Options);
        return (report, tuner.Infer(ModelCase.DrawImages(tuner, count: 4, seed: 3)));
    }

    private static void Near(FitReport expected, FitReport actual, string what, Func<EpochReport, double> value)
    {
        for (int i = 0; i < expected.Epochs.Length; i++)
        {
            (double before, double after) = (value(expected.Epochs[i]), value(actual.Epochs[i]));
            Assert.True(Math.Abs(after - before) <= Tolerance * before, $"{what} of epoch {i + 1}: {after}, on the CPU {before}");
        }
    }
}
