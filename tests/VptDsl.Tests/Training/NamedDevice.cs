namespace VptDsl.Tests.Training;

/// <summary>A device that nothing runs on: what asks a device about itself can be tested without a GPU.</summary>
internal sealed class NamedDevice(bool hasTensorCores) : Device
{
    public override string Name => "device without a machine";

    internal override bool HasTensorCores { get; } = hasTensorCores;

    protected override void Dispose(bool disposing)
    {
    }
}
