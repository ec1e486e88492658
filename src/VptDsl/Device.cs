using VptDsl.Devices.Cpu;
using VptDsl.Devices.Ilgpu;

namespace VptDsl;

/// <summary>Where models run: a GPU, or the CPU.</summary>
/// <remarks>A device may carry several tuners; dispose of them before it.</remarks>
public abstract class Device : IDisposable
{
    /// <summary>What the device calls itself, for instance "CPU, 8 threads, AVX-512".</summary>
    public abstract string Name { get; }

    /// <summary>The best device there is: a CUDA GPU, else an OpenCL GPU, else the CPU.</summary>
    public static Device Auto() => IlgpuDevice.TryCuda() ?? IlgpuDevice.TryOpenCl() ?? (Device)new CpuDevice();

    /// <summary>The CPU, with SIMD routines.</summary>
    /// <param name="threads">Threads to use; 0 for one for each core. The results do not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public static Device Cpu(int threads = 0) => new CpuDevice(threads);

    /// <summary>A CUDA GPU.</summary>
    /// <param name="cuBlas">
    /// Whether NVIDIA's cuBLAS computes products that have nothing else to do, where it is installed; <see cref="Name"/> tells whether it
    /// does. False for the generated kernels alone.
    /// </param>
    /// <exception cref="DeviceUnavailableException">There is none that can be used; the message says what was found, and what it lacks.</exception>
    public static Device Cuda(bool cuBlas = true) => IlgpuDevice.TryCuda(cuBlas) ?? throw MissingDevice.Cuda();

    /// <summary>An OpenCL GPU.</summary>
    /// <exception cref="DeviceUnavailableException">There is none that can be used; the message says what was found, and what it lacks.</exception>
    public static Device OpenCl() => IlgpuDevice.TryRequestedOpenCl() ?? throw MissingDevice.OpenCl();

    /// <summary>
    /// ILGPU's CPU simulator: runs the GPU kernels under a debugger, thousands of times slower than <see cref="Cpu"/>. For tests.
    /// </summary>
    public static Device Simulator() => IlgpuDevice.CreateSimulator();

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the device holds.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A device that was asked for is not there, or lacks something that the kernels need.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);
