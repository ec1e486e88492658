using VptDsl.Devices.Ilgpu;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Harness;

/// <summary>The devices that tests run on, each opened when a test first asks for it.</summary>
public sealed class TestDevices : IDisposable
{
    private readonly Dictionary<TestDevice, Device?> _devices = [];

    /// <summary>Whether tests run on CUDA as well. There is one test that says so where they do not, instead of hundreds.</summary>
    public static bool HasCuda { get; } = FindCuda();

    /// <summary>
    /// Returns the device, or skips the test where the machine has none. See <see cref="TestTier.RequireOpenCl"/>.
    /// </summary>
    public Device Open(TestDevice kind)
    {
        if (!_devices.TryGetValue(kind, out Device? device))
        {
            device = kind switch
            {
                TestDevice.Cpu => Device.Cpu(threads: 2),
                TestDevice.Simulator => Device.Simulator(),
                TestDevice.OpenCl => IlgpuDevice.TryOpenClOnCpu(),
                _ => IlgpuDevice.TryCuda(),
            };
            _devices.Add(kind, device);
        }

        if (kind == TestDevice.OpenCl)
            TestTier.RequireOpenCl(device is not null);
        Skip.If(device is null, $"This machine has no {kind} device.");
        return device!;
    }

    private static bool FindCuda()
    {
        using IlgpuDevice? device = IlgpuDevice.TryCuda();
        return device is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Device? device in _devices.Values)
            device?.Dispose();
    }
}

/// <summary>The kinds of devices that tests run on.</summary>
public enum TestDevice
{
    /// <summary>The SIMD routines.</summary>
    Cpu,

    /// <summary>ILGPU's simulator, which ends the process at an index out of range.</summary>
    Simulator,

    /// <summary>An OpenCL implementation on the CPU.</summary>
    OpenCl,

    /// <summary>A CUDA GPU.</summary>
    Cuda,
}

/// <summary>Tests that share devices and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DeviceCollection : ICollectionFixture<TestDevices>
{
    public const string Name = "devices";
}
