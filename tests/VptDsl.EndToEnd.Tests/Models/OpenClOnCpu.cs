using VptDsl.Devices.Ilgpu;
using VptDsl.Testing;

namespace VptDsl.EndToEnd.Tests.Models;

/// <summary>An OpenCL implementation for the CPU: a test without it is skipped visibly, and fails on the build server.</summary>
internal static class OpenClOnCpu
{
    /// <summary>The device, or null where there is none.</summary>
    public static Device? TryOpen() => IlgpuDevice.TryOpenClOnCpu();

    /// <summary>The device that <see cref="TryOpen"/> found; skips the test where it found none.</summary>
    public static Device Require(Device? found)
    {
        TestTier.RequireOpenCl(found is not null);
        return found!;
    }
}
