using System.CommandLine;

namespace VptDsl.Tool.Shell;

/// <summary>Where a program runs.</summary>
internal static class DeviceOption
{
    private static readonly string[] Names = ["cpu", "opencl", "cuda", "simulator"];

    /// <summary>The option.</summary>
    public static Option<string> Create()
    {
        var device = new Option<string>("--device") { Description = "Where to run; the best device there is if left out." };
        device.AcceptOnlyFromAmong(Names);
        return device;
    }

    /// <summary>The device of a name; says where the best one is not what it could be, for a driver does not work.</summary>
    /// <param name="name">The name; null or empty for the best.</param>
    /// <param name="threads">Threads where that is the CPU; 0 for one for each core.</param>
    /// <exception cref="ArgumentException">No device has this name: it may come from settings that nobody checked.</exception>
    /// <exception cref="DeviceUnavailableException">There is none.</exception>
    public static Device Open(string? name, int threads = 0) => name switch
    {
        "cpu" => Device.Cpu(threads),
        "opencl" => Device.OpenCl(),
        "cuda" => Device.Cuda(),
        "simulator" => Device.Simulator(),
        null or "" => Best(threads),
        _ => throw new ArgumentException($"There is no device \"{name}\": say one of {string.Join(", ", Names)}, or none for the best."),
    };

    /// <summary>Whether a device runs emitted kernels, and not the library's own routines.</summary>
    public static bool HasKernels(Device device) => !device.Name.StartsWith("CPU", StringComparison.Ordinal);

    private static Device Best(int threads)
    {
        Device device = Device.Auto();
        if (threads > 0 && !HasKernels(device))
        {
            device.Dispose();
            return Device.Cpu(threads);
        }

        foreach (DeviceFinding finding in device.PassedOver.Where(f => f.IsFault))
            Console.Error.WriteLine($"note: running on {device.Name}. {finding.Reason}");
        return device;
    }
}
