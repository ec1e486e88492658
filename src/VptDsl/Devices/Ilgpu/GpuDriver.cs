using System.Runtime.InteropServices;
using ILGPU;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Asks a driver what is wrong with it: ILGPU takes any fault of one for the absence of devices.</summary>
internal static unsafe class GpuDriver
{
    /// <summary>What OpenCL's loader answers where no implementation is installed.</summary>
    private const int NoPlatform = -1001;

    /// <summary>What CUDA answers where the driver works and finds no device.</summary>
    private const int NoDevice = 100;

    /// <summary>What keeps CUDA from finding devices; null where its driver works, or there is none.</summary>
    public static string? FaultOfCuda() => OperatingSystem.IsWindows()
        ? FaultOf("nvcuda", "nvcuda.dll", StartCuda)
        : FaultOf("cuda", "libcuda.so.1", StartCuda);

    /// <summary>What keeps OpenCL from finding devices; null where its loader works, or there is none.</summary>
    public static string? FaultOfOpenCl() => OperatingSystem.IsWindows()
        ? FaultOf("opencl", "opencl.dll", StartOpenCl)
        : FaultOf("OpenCL", "libOpenCL.so.1", StartOpenCl);

    /// <param name="library">The name by which ILGPU loads it.</param>
    /// <param name="installed">The name under which drivers install it.</param>
    /// <param name="start">Starts it, and says what it lacks.</param>
    private static string? FaultOf(string library, string installed, Func<nint, string?> start)
    {
        try
        {
            return start(NativeLibrary.Load(library, typeof(Context).Assembly, null)) is { } fault
                ? $"the driver {installed} {fault}"
                : null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return FaultOfFile(e, library, installed);
        }
        catch (EntryPointNotFoundException e)
        {
            return $"the driver {installed} is too old, or none: {e.Message}";
        }
    }

    /// <remarks>A library that is not there is no fault; one that is there under the installed name alone, or cannot be read, is.</remarks>
    private static string? FaultOfFile(Exception unloaded, string library, string installed)
    {
        if (NativeLibrary.TryLoad(installed, out _))
            return $"the driver is there as {installed}, and ILGPU loads it as lib{library}.so: link that name to it";
        string? line = Lines(unloaded).FirstOrDefault(IsOfFile);
        if (line is null)
        {
            try
            {
                NativeLibrary.Load(installed);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                line = Lines(e).FirstOrDefault(IsOfFile);
            }
        }

        return line is null ? null : $"the driver cannot be loaded: {line}";

        IEnumerable<string> Lines(Exception e) =>
            e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1);

        bool IsOfFile(string text) => !text.Contains("No such file", StringComparison.Ordinal)
            || !text.Contains(library, StringComparison.OrdinalIgnoreCase);
    }

    private static string? StartCuda(nint driver)
    {
        int version = 0;
        var initialize = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var readVersion = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDriverGetVersion");
        var name = (delegate* unmanaged<int, byte**, int>)NativeLibrary.GetExport(driver, "cuGetErrorName");
        int error = initialize(0);
        if (error is 0 or NoDevice)
            return null;
        _ = readVersion(&version);
        byte* text = null;
        _ = name(error, &text);
        return $"(CUDA {version / 1000}.{version % 1000 / 10}) does not start: {Marshal.PtrToStringUTF8((nint)text) ?? "error"} ({error})";
    }

    private static string? StartOpenCl(nint driver)
    {
        uint count = 0;
        int error = ((delegate* unmanaged<uint, void**, uint*, int>)NativeLibrary.GetExport(driver, "clGetPlatformIDs"))(0, null, &count);
        return error is 0 or NoPlatform ? null : $"does not start: error {error}";
    }
}
