namespace VptDsl.Devices.Ilgpu;

/// <summary>A search for a device, and what it came to.</summary>
/// <param name="Device">The opened device; null where there is none.</param>
/// <param name="Finding">What to tell of it.</param>
internal sealed record DeviceSearch(IlgpuDevice? Device, DeviceFinding Finding)
{
    /// <summary>The device.</summary>
    /// <exception cref="DeviceUnavailableException">There is none.</exception>
    public IlgpuDevice Required => Device ?? throw new DeviceUnavailableException(Finding.Reason);

    public static DeviceSearch Found(string kind, IlgpuDevice device) => new(device, new(kind, device.Name, "", IsFault: false));

    public static DeviceSearch Missed(string kind, string reason, bool isFault) => new(null, new(kind, null, reason, isFault));
}
