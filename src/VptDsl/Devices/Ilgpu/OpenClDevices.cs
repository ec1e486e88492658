using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Which OpenCL devices are taken.</summary>
internal static class OpenClDevices
{
    private const string GlobalFence = "CLK_GLOBAL_MEM_FENCE", BothFences = $"CLK_LOCAL_MEM_FENCE | {GlobalFence}";

    /// <summary>
    /// Whether <see cref="Device.OpenCl"/> takes an implementation on the CPU where there is no GPU: set VPTDSL_OPENCL_ON_CPU to 1 to run
    /// a whole program's kernels through OpenCL on a machine without a GPU.
    /// </summary>
    public static bool AdmitsCpu => Environment.GetEnvironmentVariable("VPTDSL_OPENCL_ON_CPU") == "1";

    /// <summary>A GPU that has what ILGPU asks for.</summary>
    public static bool IsGpu(CLDevice device) =>
        device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU) && device.Capabilities.GenericAddressSpace;

    /// <summary>An implementation that runs on the CPU, for instance PoCL.</summary>
    /// <remarks>
    /// ILGPU refuses devices without generic address spaces. Once its address spaces are inferred, its output needs none, so that the
    /// device is declared to have them; ILGPU offers no other way than its internal setter.
    /// </remarks>
    public static bool IsCpu(CLDevice device)
    {
        if (!device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU))
            return false;
        PropertyInfo? capability = device.Capabilities.GetType().GetProperty(nameof(device.Capabilities.GenericAddressSpace));
        capability?.SetValue(device.Capabilities, true);
        return capability is not null;
    }

    /// <summary>
    /// Makes barriers order what a group keeps in shared memory, in every kernel that is compiled for OpenCL from now on. False where this
    /// ILGPU offers no way, and its kernels would race.
    /// </summary>
    public static bool FenceSharedMemory() => FenceSharedMemory(typeof(CLInstructions));

    /// <param name="instructions">The class with ILGPU's table of flags.</param>
    /// <remarks>
    /// ILGPU 1.5.3 writes barriers that order global memory alone. Threads then wait for each other, but OpenCL does not promise that they
    /// see each other's shared memory; Oclgrind reports data races. Barriers take their flags from a table that only reflection reaches.
    /// </remarks>
    internal static bool FenceSharedMemory(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.NonPublicFields)] Type instructions)
    {
        if (instructions.GetField("MemoryFenceFlags", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null) is not string[] flags)
            return false;
        int global = Array.IndexOf(flags, GlobalFence);
        if (global >= 0)
            flags[global] = BothFences;
        return flags.Contains(BothFences);
    }
}
