using ILGPU.Runtime;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>What is looked for is what is found, and device memory is what programs rely on.</summary>
[Collection(DeviceCollection.Name)]
public sealed class IlgpuDeviceTests(TestDevices devices)
{
    public static TheoryData<TestDevice> Kinds => [TestDevice.Simulator, TestDevice.OpenCl, TestDevice.Cuda];

    [Fact]
    public void Looking_for_a_gpu_never_finds_the_simulator_or_opencl_on_the_cpu()
    {
        using IlgpuDevice? cuda = IlgpuDevice.TryCuda(), openCl = IlgpuDevice.TryOpenCl();

        Assert.StartsWith("CUDA", cuda?.Name ?? "CUDA", StringComparison.Ordinal);
        Assert.DoesNotContain("CPUAccelerator", cuda?.Name ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("pthread", openCl?.Name ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("CPUAccelerator", openCl?.Name ?? "", StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_device_that_is_not_there_is_named()
    {
        using IlgpuDevice? cuda = IlgpuDevice.TryCuda();
        Skip.If(cuda is not null, "This machine has a CUDA device.");

        Assert.Contains("CUDA", Assert.Throws<DeviceUnavailableException>(() => Device.Cuda()).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Memory_starts_as_zeros_and_keeps_what_is_written(TestDevice kind)
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(kind));
        program.Reserve(Region.Weights, 10);
        program.Write(new(Region.Weights, 3), [1, 2]);
        program.Reserve(Region.Weights, 5);

        Assert.Equal([0, 0, 0, 1, 2, 0, 0, 0, 0, 0], Read(program, Region.Weights, 10));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Grown_memory_is_all_zeros(TestDevice kind)
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(kind));
        program.Reserve(Region.Arena, 3);
        program.Write(new(Region.Arena, 0), [1, 2, 3]);
        program.Reserve(Region.Arena, 4);

        Assert.Equal([0, 0, 0, 0], Read(program, Region.Arena, 4));
    }

    [SkippableTheory]
    [InlineData(TestDevice.Simulator, 1, 1)]
    [InlineData(TestDevice.Simulator, 63, 65)]
    [InlineData(TestDevice.Simulator, 128, 64)]
    [InlineData(TestDevice.OpenCl, 130, 7)]
    public void Scratch_memory_lies_behind_what_a_program_has_in_the_arena(TestDevice kind, int floats, int scratch)
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(kind)) { MostScratch = scratch };
        program.Reserve(Region.Arena, floats + program.ScratchFloats);
        program.Write(new(Region.Arena, 0), [.. Enumerable.Repeat(1f, floats)]);
        program.ClearScratch(scratch);

        Assert.Equal(Enumerable.Repeat(1f, floats), Read(program, Region.Arena, floats));
    }

    [Fact]
    public void Scratch_memory_that_was_not_reserved_is_an_error()
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(TestDevice.Simulator)) { MostScratch = 5 };

        Assert.Contains(
            "Arena has 0 floats",
            Assert.Throws<InvalidOperationException>(() => program.ClearScratch(5)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Access_beside_a_region_is_an_error_that_names_it()
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(TestDevice.Simulator));
        program.Reserve(Region.Gradients, 4);

        var error = Assert.Throws<InvalidOperationException>(() => program.Write(new(Region.Gradients, 3), [1, 2]));
        Assert.Contains("Gradients has 4 floats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_with_more_elements_than_a_launch_has_threads_is_an_error_that_says_so()
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(TestDevice.Simulator)) { Batch = 3 };

        Assert.Equal(3 * 500_000_000, program.ThreadsOf(500_000_000));
        Assert.Contains(
            "smaller batch",
            Assert.Throws<InvalidOperationException>(() => program.ThreadsOf(1_000_000_000)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A copy that waits for the step under way saves no time.</summary>
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_batch_is_copied_beside_the_kernels_unless_they_may_still_read_its_memory(TestDevice kind)
    {
        using var program = new EmptyProgram((IlgpuDevice)devices.Open(kind));
        program.Reserve(Region.Inputs, 3);
        program.Write(new(Region.Inputs, 0), [1, 2, 3]);
        program.Stage([4, 5, 6]);
        Read(program, Region.Inputs, 3);
        program.TakeStaged();

        program.UseInputs(3);
        program.Stage([7, 8, 9]);
        Assert.Equal(0, program.StagingWaits);

        // Nobody has read what the kernels made of 4, 5 and 6, so that they may be at work yet.
        program.TakeStaged();
        program.Stage([10, 11, 12]);
        Assert.Equal(1, program.StagingWaits);
        Assert.Equal([7, 8, 9], Read(program, Region.Inputs, 3));
        program.TakeStaged();
        Assert.Equal([10, 11, 12], Read(program, Region.Inputs, 3));
    }

    private static float[] Read(EmptyProgram program, Region region, int count)
    {
        float[] values = new float[count];
        program.Read(new(region, 0), values);
        return values;
    }

    private sealed class EmptyProgram(IlgpuDevice device) : IlgpuProgramDevice(device, typeof(EmptyProgram), default)
    {
        public long MostScratch { get; init; }

        public override long ScratchFloats => MostScratch + 64;

        public int ThreadsOf(long perImage) => Threads(perImage);

        public void UseInputs(int floats) => Shared(new(Region.Inputs, 0), 1, floats);

        public void ClearScratch(int floats) => Scratch(floats).CopyFromCPU(Stream, new float[floats]);
    }
}
