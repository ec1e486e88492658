using System.CommandLine;

namespace VptDsl.Tool.Shell;

/// <summary>Where a program runs.</summary>
internal static class DeviceOption
{
    /// <summary>The option.</summary>
    public static Option<string> Create()
    {
        var device = new Option<string>("--device") { Description = "Where to run; the best device there is if left out." };
        device.AcceptOnlyFromAmong("cpu", "opencl", "cuda", "simulator");
        return device;
    }

    /// <summary>The device of a name; says where the best one is not what it could be, for a driver does not work.</summary>
    /// <exception cref="DeviceUnavailableException">There is none.</exception>
    public static Device Open(string? name) => name switch
    {
        "cpu" => Device.Cpu(),
        "opencl" => Device.OpenCl(),
        "cuda" => Device.Cuda(),
        "simulator" => Device.Simulator(),
        _ => Best(),
    };

    /// <summary>Whether a device runs emitted kernels, and not the library's own routines.</summary>
    public static bool HasKernels(Device device) => !device.Name.StartsWith("CPU", StringComparison.Ordinal);

    private static Device Best()
    {
        Device device = Device.Auto();
        foreach (DeviceFinding finding in device.PassedOver.Where(f => f.IsFault))
            Console.Error.WriteLine($"note: running on {device.Name}. {finding.Reason}");
        return device;
    }
}
