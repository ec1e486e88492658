using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// What is promised about memory: the sizes that the generated functions give are those reserved, and a step allocates nothing.
/// </summary>
public sealed class MemoryTests
{
    public static TheoryData<string> Models => ModelCase.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_reserves_what_StepBytes_says(string model)
    {
        foreach (int batch in new[] { 1, 2, 7 })
        {
            using Device device = Device.Cpu(threads: 1);
            using Tuner tuner = ModelCase.All[model].Create(device, 1);
            tuner.Train(batch, steps: 1);
            Assert.Equal(ModelCase.All[model].StepBytes(batch), BytesOf(tuner));
        }
    }

    [Fact]
    public void A_step_on_a_gpu_reserves_what_its_kernels_hand_on_as_ScratchBytes_says()
    {
        using Device device = Device.Simulator();
        using Tuner tuner = OddShallow.Create(device, 1);
        tuner.Train(batch: 2, steps: 1);

        Assert.True(OddShallow.ScratchBytes(2) > 0);
        Assert.Equal(OddShallow.StepBytes(2) + OddShallow.ScratchBytes(2), BytesOf(tuner));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Inference_reserves_what_InferenceBytes_says(string model)
    {
        foreach (int batch in new[] { 1, 2, 7 })
        {
            using Device device = Device.Cpu(threads: 1);
            using Tuner tuner = ModelCase.All[model].Create(device, 1);
            tuner.Infer(ModelCase.DrawImages(tuner, batch, seed: 1));
            Assert.Equal(ModelCase.All[model].InferenceBytes(batch), BytesOf(tuner));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Inference_needs_no_more_memory_than_training(string model) =>
        Assert.All(
            new[] { 1, 8, 64 }, batch => Assert.True(ModelCase.All[model].InferenceBytes(batch) <= ModelCase.All[model].StepBytes(batch)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Memory_stays_the_same_however_long_training_goes_on(string model)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        tuner.Train(batch: 3, steps: 1);
        tuner.Infer(ModelCase.DrawImages(tuner, 3, seed: 1));
        long before = BytesOf(tuner);
        for (int i = 0; i < 5; i++)
        {
            tuner.Train(batch: 3, steps: 2);
            tuner.Infer(ModelCase.DrawImages(tuner, 2, seed: i));
        }

        Assert.Equal(before, BytesOf(tuner));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_and_its_update_allocate_nothing(string model) => AssertAllocatesNothing(model, (tuner, number) =>
    {
        tuner.Compiled.Step();
        tuner.Compiled.Update(TunerState.Update(OptimizerKind.AdamW, number));
    });

    [Theory]
    [MemberData(nameof(Models))]
    public void Inference_allocates_nothing(string model) => AssertAllocatesNothing(model, (tuner, _) => tuner.Compiled.Infer());

    /// <summary>What a tuner allocates, each does; a cache of the runtime is the process's, and may fill meanwhile.</summary>
    private static void AssertAllocatesNothing(string model, Action<Tuner, int> act) =>
        Assert.Contains(0, Enumerable.Range(0, 3).Select(_ => AllocatedAfterFirstRounds(model, act)));

    /// <summary>On a device of one thread every routine runs on the calling thread, whose allocations are counted.</summary>
    private static long AllocatedAfterFirstRounds(string model, Action<Tuner, int> act)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        float[] images = ModelCase.DrawImages(tuner, 3, seed: 1);
        int[] labels = ModelCase.DrawLabels(tuner, 3, seed: 1);
        long allocated = 0;
        for (int number = 1; number <= 8; number++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            tuner.Compiled.SetBatch(images, labels);
            act(tuner, number);

            // The first rounds reserve memory and meet every method for the first time.
            allocated += number > 3 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        return allocated;
    }

    private static long BytesOf(Tuner tuner) => BytesOf(tuner, Region.Arena) + BytesOf(tuner, Region.Folded);

    /// <summary>The size of a region, from its bounds check: the last float that can be read.</summary>
    private static long BytesOf(Tuner tuner, Region region)
    {
        long readable = 0, beyond = 1L << 40;
        while (beyond - readable > 1)
        {
            long middle = readable + ((beyond - readable) / 2);
            if (CanRead(tuner, new(region, middle - 1)))
                readable = middle;
            else
                beyond = middle;
        }

        return sizeof(float) * readable;
    }

    private static bool CanRead(Tuner tuner, Slot place)
    {
        try
        {
            tuner.Compiled.Read(place, new float[1]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
