namespace VptDsl.Devices.Ilgpu;

/// <summary>A device that runs the emitted ILGPU kernels: a CUDA or OpenCL GPU, or ILGPU's simulator.</summary>
public sealed class IlgpuDevice : Device
{
    private IlgpuDevice(string name) => Name = name;

    /// <inheritdoc/>
    public override string Name { get; }

    internal static IlgpuDevice? TryCuda() => null;

    internal static IlgpuDevice? TryOpenCl() => null;

    internal static IlgpuDevice CreateSimulator() => new("ILGPU simulator");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
