using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Says why there is no device of a kind: what was found, and what it lacks.</summary>
internal static class MissingDevice
{
    private const string Otherwise = "or use Device.Auto() or Device.Cpu().";

    public static DeviceSearch Cuda(Exception? cause) => Missed(
        "CUDA",
        "CUDA device",
        "NVIDIA's driver",
        Find(add => builder => builder.Cuda(device => add(Describe(device), true))),
        Fault(cause) ?? GpuDriver.FaultOfCuda());

    public static DeviceSearch OpenCl(Exception? cause) => Missed(
        "OpenCL",
        "OpenCL GPU",
        "its OpenCL driver",
        Find(add => builder => builder.OpenCL(device => add(Describe(device), device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU)))),
        Fault(cause) ?? GpuDriver.FaultOfOpenCl());

    /// <summary>What to say of a version of ILGPU whose barriers cannot be made to order shared memory.</summary>
    internal static string UnknownBarriers(Version? ilgpu) =>
        $"OpenCL cannot be used with ILGPU {ilgpu}: its barriers do not order shared memory, "
        + $"and cannot be changed as those of ILGPU 1.5.3. Reference ILGPU 1.5.3, {Otherwise}";

    /// <summary>What to say of a number that no device has.</summary>
    internal static string NoSuchIndex(string kind, int? index, IEnumerable<string> names)
    {
        IEnumerable<string> found = names.Select((name, i) => FormattableString.Invariant($"{i}, {name.Trim()}"));
        return FormattableString.Invariant($"There is no {kind} device {index}. Found: {string.Join("; ", found)}. ")
            + $"Give one of these numbers, {Otherwise}";
    }

    /// <param name="kind">What was looked for.</param>
    /// <param name="driver">What makes such a device known.</param>
    /// <param name="found">Devices that cannot be used, each with the reason.</param>
    /// <param name="fault">What went wrong; null where nothing did.</param>
    internal static string Message(string kind, string driver, IReadOnlyList<string> found, string? fault = null)
    {
        string cause = fault is null ? "" : $" The cause: {fault}.";
        // A device that is there and was not opened may be somebody else's, or full.
        string remedy = fault is null ? "Update" : "End what else uses the device, choose another by its index, update";
        return found.Count > 0
            ? $"No {kind} can be used. Found: {string.Join("; ", found)}.{cause} "
                + $"{remedy} or install {driver}, {Otherwise}"
            : fault is null
                ? $"No {kind} was found. Install {driver}, {Otherwise}"
                : $"No {kind} can be used.{cause} Update or install {driver}, {Otherwise}";
    }

    /// <summary>What was thrown, in a phrase: the innermost exception says most. Null where nothing was.</summary>
    /// <remarks>ILGPU looks methods of .NET up by name, which trimming removes unseen.</remarks>
    internal static string? Fault(Exception? cause) => cause?.GetBaseException() switch
    {
        null => null,
        MissingMemberException or TypeLoadException or NullReferenceException or ArgumentNullException =>
            $"ILGPU does not find parts of .NET ({cause.GetBaseException().GetType().Name}: {Sentence(cause)}); "
            + "an application that is trimmed must keep System.Private.CoreLib whole (TrimmerRootAssembly)",
        var e => $"{e.GetType().Name}: {Sentence(e)}",
    };

    private static string Sentence(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static DeviceSearch Missed(string kind, string what, string driver, List<(string Text, bool IsGpu)> found, string? fault) =>
        DeviceSearch.Missed(
            kind, Message(what, driver, [.. found.Select(f => f.Text)], fault), isFault: fault is not null || found.Exists(f => f.IsGpu));

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
    private static List<(string Text, bool IsGpu)> Find(Func<Func<string, bool, bool>, Action<Context.Builder>> search)
    {
        var found = new List<(string Text, bool IsGpu)>();
        try
        {
            IlgpuDevice.CreateContext(search(Add)).Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
        }

        return found;

        bool Add(string device, bool isGpu)
        {
            found.Add((device, isGpu));
            return false;
        }
    }
}
