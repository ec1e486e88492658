namespace VptDsl.Devices.Sharing;

/// <summary>A program's hold on its device: until all are returned, the device outlives its own disposal.</summary>
/// <remarks>A program that nobody disposed of returns its hold when it is collected.</remarks>
internal sealed class DeviceLease : IDisposable
{
    private Device? _device;

    internal DeviceLease(Device device) => _device = device;

    ~DeviceLease() => Return(disposing: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(disposing: true);
        GC.SuppressFinalize(this);
    }

    private void Return(bool disposing) => Interlocked.Exchange(ref _device, null)?.Return(disposing);
}
