namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>A device with the golden models on it, for the tests of a class.</summary>
/// <param name="device">The device; null where the machine has none.</param>
/// <param name="load">Loads the model of a case, by its name, with a file's backbone.</param>
public abstract class GoldenDevice(Device? device, Func<string, Device, string, Tuner> load) : IDisposable
{
    public Device? Device => device;

    public GoldenTuners Tuners { get; } = new(load);

    public void Dispose()
    {
        Tuners.Dispose();
        device?.Dispose();
        GC.SuppressFinalize(this);
    }
}
