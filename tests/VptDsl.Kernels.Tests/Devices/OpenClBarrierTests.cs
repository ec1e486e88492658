using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>
/// Threads of a group see what the others put into shared memory: ILGPU's own barriers on OpenCL order global memory alone.
/// </summary>
[Collection(DeviceCollection.Name)]
public sealed class OpenClBarrierTests(TestDevices devices, OperationsFixture emitted) : IClassFixture<OperationsFixture>
{
    [SkippableFact]
    public void Every_barrier_orders_shared_memory()
    {
        var accelerator = (CLAccelerator)((IlgpuDevice)devices.Open(TestDevice.OpenCl)).Accelerator;
        string[] barriers =
        [
            .. emitted.Kernels.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(kernel => kernel.GetParameters()[0].ParameterType != typeof(Index1D))
                .SelectMany(kernel => Barriers(Source(accelerator.Backend, kernel))),
        ];

        Assert.NotEmpty(barriers);
        Assert.All(barriers, barrier => Assert.Contains("CLK_LOCAL_MEM_FENCE", barrier, StringComparison.Ordinal));
    }

    [Fact]
    public void An_ilgpu_without_the_table_of_flags_is_refused() =>
        Assert.False(OpenClDevices.FenceSharedMemory(typeof(OtherInstructions)));

    [Fact]
    public void An_ilgpu_with_other_flags_is_refused() => Assert.False(OpenClDevices.FenceSharedMemory(typeof(OtherFlags)));

    private static string Source(CLBackend backend, MethodInfo kernel) =>
        ((CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default)).Source;

    private static IEnumerable<string> Barriers(string source) =>
        Regex.Matches(source, @"barrier\s*\([^)]*\)").Select(match => match.Value);

    private static class OtherInstructions;

    private static class OtherFlags
    {
        private static readonly string[] MemoryFenceFlags = ["CLK_IMAGE_MEM_FENCE"];

        public static int Count => MemoryFenceFlags.Length;
    }
}
