using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Says why there is no device of a kind: what was found, and what it lacks.</summary>
internal static class MissingDevice
{
    private const string Otherwise = "or use Device.Auto() or Device.Cpu().";

    public static DeviceUnavailableException Cuda() => new(Message(
        "CUDA device", "NVIDIA's driver", Find(add => builder => builder.Cuda(device => add(Describe(device))))));

    public static DeviceUnavailableException OpenCl() => new(OpenClDevices.FenceSharedMemory()
        ? Message("OpenCL GPU", "its OpenCL driver", Find(add => builder => builder.OpenCL(device => add(Describe(device)))))
        : UnknownBarriers(typeof(Context).Assembly.GetName().Version));

    /// <summary>What to say of a version of ILGPU whose barriers cannot be made to order shared memory.</summary>
    internal static string UnknownBarriers(Version? ilgpu) =>
        $"OpenCL cannot be used with ILGPU {ilgpu}: its barriers do not order shared memory, and cannot be changed as those of ILGPU 1.5.3. "
        + $"Reference ILGPU 1.5.3, {Otherwise}";

    /// <param name="kind">What was looked for.</param>
    /// <param name="driver">What makes such a device known.</param>
    /// <param name="found">Devices that cannot be used, each with the reason.</param>
    internal static string Message(string kind, string driver, IReadOnlyList<string> found) => found.Count == 0
        ? $"No {kind} was found. Install {driver}, {Otherwise}"
        : $"No {kind} can be used. Found: {string.Join("; ", found)}. Update or install {driver}, {Otherwise}";

    internal static string Describe(string name, bool isGpu, bool hasGenericAddresses) => name.Trim() + (isGpu, hasGenericAddresses) switch
    {
        (false, _) => ", which is no GPU",
        (true, false) => ", which lacks the generic address spaces that ILGPU needs",
        _ => ", which could not be opened",
    };

    private static string Describe(CLDevice device) => Describe(
        device.Name, device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU), device.Capabilities.GenericAddressSpace);

    private static string Describe(CudaDevice device) => device.Name + (device.Architecture is null || device.InstructionSet is null
        ? ", whose architecture or driver this version of ILGPU does not know"
        : ", which could not be opened");

    /// <summary>What a search meets when it takes nothing. It must not fail, whatever a driver throws.</summary>
    private static List<string> Find(Func<Predicate<string>, Action<Context.Builder>> search)
    {
        var found = new List<string>();
        try
        {
            IlgpuDevice.CreateContext(search(Add)).Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
        }

        return found;

        bool Add(string device)
        {
            found.Add(device);
            return false;
        }
    }
}
