using System.Diagnostics;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime.OpenCL;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>What a driver says of a kernel that it refuses reaches who asked for the kernel.</summary>
/// <remarks>Alone: whoever compiles a kernel listens to the trace, and it is asked here who does.</remarks>
[CollectionDefinition(nameof(DriverLogTests), DisableParallelization = true)]
[Collection(nameof(DriverLogTests))]
public sealed class DriverLogTests
{
    [Fact]
    public void A_kernel_that_is_refused_is_an_error_with_the_drivers_words()
    {
        using var device = IlgpuDevice.CreateSimulator();
        var kernel = (MethodInfo)MethodBase.GetCurrentMethod()!;

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => device.Compile(kernel, _ =>
        {
            Trace.WriteLine("ptxas error: line 7: out of registers");
            var other = new Thread(() => Trace.WriteLine("another thread's business"));
            other.Start();
            other.Join();
            throw new InternalCompilerException("a PTX JIT compilation failed");
        }));

        Assert.Contains($"cannot run the kernel {kernel.Name}: a PTX JIT compilation failed.", error.Message);
        Assert.EndsWith("The driver says:\nptxas error: line 7: out of registers", error.Message);
        Assert.DoesNotContain(Trace.Listeners.OfType<DriverLog>(), _ => true);
    }

    /// <summary>A driver that has no room for a kernel's code is as good as any other.</summary>
    [Fact]
    public void A_kernel_that_finds_no_memory_asks_for_a_smaller_batch()
    {
        using var device = IlgpuDevice.CreateSimulator();
        var kernel = (MethodInfo)MethodBase.GetCurrentMethod()!;

        string message = Assert.Throws<InsufficientMemoryException>(
            () => device.Compile(kernel, _ => throw new CLException(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE))).Message;

        Assert.Contains($"no memory left to load the kernel {kernel.Name}: use a smaller batch", message, StringComparison.Ordinal);
        Assert.DoesNotContain("driver", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_log_is_cut_and_a_silent_driver_is_not_quoted()
    {
        using var log = new DriverLog();
        Assert.Empty(log.ToString());

        for (int line = 0; line < 1000; line++)
            Trace.WriteLine($"line {line} of many");

        Assert.StartsWith("\nThe driver says:\nline 0 of many\nline 1 of many\n", log.ToString());
        Assert.InRange(log.ToString().Length, 2000, 2100);
    }
}
