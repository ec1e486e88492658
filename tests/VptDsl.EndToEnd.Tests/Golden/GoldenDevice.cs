namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>A device with the golden models on it, for the tests of a class.</summary>
/// <param name="device">The device; null where the machine has none.</param>
public abstract class GoldenDevice(Device? device) : IDisposable
{
    public Device? Device => device;

    public GoldenTuners Tuners { get; } = new();

    public void Dispose()
    {
        Tuners.Dispose();
        device?.Dispose();
        GC.SuppressFinalize(this);
    }
}
