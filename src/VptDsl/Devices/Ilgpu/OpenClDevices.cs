using System.Reflection;
using ILGPU.Runtime.OpenCL;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Which OpenCL devices are taken.</summary>
internal static class OpenClDevices
{
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
}
