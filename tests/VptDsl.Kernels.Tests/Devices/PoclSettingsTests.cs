using System.Runtime.InteropServices;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>PoCL reads the environment of C, in which .NET changes nothing by itself.</summary>
[Collection(DeviceCollection.Name)]
public sealed class PoclSettingsTests(TestDevices devices)
{
    [SkippableFact]
    public void OpenCL_on_the_CPU_does_not_vectorise_unless_it_is_asked_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no libc.");
        string expected = Environment.GetEnvironmentVariable(PoclSettings.WorkGroupMethod) ?? PoclSettings.Loops;

        devices.Open(TestDevice.OpenCl);

        Assert.Equal(expected, Marshal.PtrToStringUTF8(GetVariable(PoclSettings.WorkGroupMethod)));
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, ExactSpelling = true)]
    private static extern nint GetVariable(string name);
}
