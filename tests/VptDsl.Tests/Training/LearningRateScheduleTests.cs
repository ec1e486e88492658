using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>The learning rate follows the paper: as published when stepped per epoch, without a wasted step otherwise.</summary>
public class LearningRateScheduleTests
{
    public static TheoryData<double, int, int, double[]> Published => new()
    {
        { 0.5, 10, 100, PublishedLearningRates.HundredEpochs },
        { 2.5, 5, 30, PublishedLearningRates.ThirtyEpochs },
        { 1.0, 0, 12, PublishedLearningRates.WithoutWarmup },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Stepped_per_epoch_it_gives_the_published_codes_rates(double peak, int warmup, int epochs, double[] expected)
    {
        var schedule = new LearningRateSchedule(peak, warmup, epochs, StepsPerEpoch: 7, ScheduleStep.PerEpoch);

        Assert.Equal(epochs, expected.Length);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            Assert.Equal(expected[epoch], schedule.At(epoch, 0), 1e-12);
            Assert.Equal(schedule.At(epoch, 0), schedule.At(epoch, 6));
        }
    }

    [Fact]
    public void Stepped_per_iteration_it_rises_evenly_through_the_warm_up_and_then_falls()
    {
        var schedule = new LearningRateSchedule(Peak: 2, WarmupEpochs: 2, Epochs: 10, StepsPerEpoch: 5, ScheduleStep.PerIteration);
        double[] rates = [.. from epoch in Enumerable.Range(0, 10) from step in Enumerable.Range(0, 5) select schedule.At(epoch, step)];

        for (int i = 0; i < 10; i++)
            Assert.Equal(2 * (i + 0.5) / 10, rates[i], 1e-12);
        for (int i = 11; i < rates.Length; i++)
            Assert.True(rates[i] < rates[i - 1], $"step {i}: {rates[i]} after {rates[i - 1]}");
        Assert.All(rates, rate => Assert.InRange(rate, double.Epsilon, 2));
    }

    [Fact]
    public void Half_way_through_the_decay_the_rate_is_half_the_peak()
    {
        var schedule = new LearningRateSchedule(Peak: 3, WarmupEpochs: 1, Epochs: 4, StepsPerEpoch: 3, ScheduleStep.PerIteration);

        Assert.Equal(1.5, schedule.At(epoch: 2, step: 1), 1e-12);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(50, 10)]
    [InlineData(20, 4)]
    [InlineData(1, 0.2)]
    public void The_warm_up_is_the_papers_unless_the_run_is_short(int epochs, double expected) =>
        Assert.Equal(expected, new FitOptions { Epochs = epochs }.Warmup);

    [Fact]
    public void The_peak_is_scaled_by_the_batch_unless_told_not_to()
    {
        var options = new FitOptions { BaseLearningRate = 0.8, BatchSize = 64 };

        Assert.Equal(0.2, options.PeakLearningRate, 1e-15);
        Assert.Equal(0.8, (options with { ScaleLearningRate = false }).PeakLearningRate);
        Assert.Equal(0.001 / 4, (options with { BaseLearningRate = null, Optimizer = Optimizer.AdamW }).PeakLearningRate, 1e-15);
    }
}
