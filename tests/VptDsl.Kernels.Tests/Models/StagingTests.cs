using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Images that were copied to the device during the step before are the batch, and do not disturb that step.</summary>
[Collection(DeviceCollection.Name)]
public sealed class StagingTests(TestDevices devices)
{
    private const int Seed = 9, Batches = 4;

    public static TheoryData<TestDevice> Devices =>
    [
        TestDevice.Simulator,
        TestDevice.OpenCl,
        .. TestDevices.HasCuda ? [TestDevice.Cuda] : Array.Empty<TestDevice>(),
    ];

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void Staged_batches_train_as_batches_that_are_set(TestDevice kind)
    {
        var model = DrawnModel.Of(Seed, kind);
        Device device = devices.Open(kind);

        Assert.Equal(Losses(model, device, stages: false), Losses(model, device, stages: true));
    }

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void What_was_not_staged_cannot_be_taken(TestDevice kind)
    {
        var model = DrawnModel.Of(Seed, kind);
        using Tuner tuner = model.Create(devices.Open(kind));

        Assert.Throws<ArgumentException>(() => tuner.Compiled.SetStaged(model.Labels));
        Assert.Throws<ArgumentException>(() => tuner.Compiled.Stage(model.Images.AsSpan(1)));
    }

    [Fact]
    public void Only_devices_with_memory_of_their_own_stage()
    {
        var model = DrawnModel.Of(Seed, TestDevice.Cpu);
        using Tuner tuner = model.Create(devices.Open(TestDevice.Cpu));

        Assert.False(tuner.Compiled.CanStage);
        Assert.Throws<NotSupportedException>(() => tuner.Compiled.Stage(model.Images));
    }

    /// <summary>The losses of some batches, each with other images: the model's, a step further round each time.</summary>
    private static float[] Losses(DrawnModel model, Device device, bool stages)
    {
        using Tuner tuner = model.Create(device);
        ModelProgram program = tuner.Compiled;
        var losses = new List<float>();
        program.SetBatch(Images(0), model.Labels);
        for (int batch = 0; batch < Batches; batch++)
        {
            program.Step();
            if (stages)
                program.Stage(Images(batch + 1));
            float[] now = new float[model.Batch];
            program.ReadLosses(now);
            losses.AddRange(now);
            program.Update(new OptimizerUpdate { Kind = OptimizerKind.Sgd, LearningRate = 0.02f, Momentum = 0.9f, Number = batch + 1 });
            if (stages)
                program.SetStaged(model.Labels);
            else
                program.SetBatch(Images(batch + 1), model.Labels);
        }

        return [.. losses];

        float[] Images(int batch) => [.. model.Images[batch..], .. model.Images[..batch]];
    }
}
