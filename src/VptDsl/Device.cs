using System.Runtime.CompilerServices;
using VptDsl.Devices.Cpu;
using VptDsl.Devices.Ilgpu;
using VptDsl.Devices.Sharing;
using VptDsl.Programs;

namespace VptDsl;

/// <summary>Where models run: a GPU, or the CPU.</summary>
/// <remarks>
/// A device may carry any number of tuners, and they may be used from any threads: the device computes one batch at a time, whoever asks
/// for it. After <see cref="Dispose()"/> it takes no new tuners; those that it has work on, and the last one that is disposed of frees it.
/// </remarks>
public abstract class Device : IDisposable
{
    private readonly Lock _ownership = new();
    private int _leases;
    private bool _disposed;

    /// <summary>What the device calls itself, for instance "CPU, 8 threads, AVX-512".</summary>
    public abstract string Name { get; }

    /// <summary>What of the device decides how results are rounded.</summary>
    internal virtual string Arithmetic => Name;

    /// <summary>Whether it computes nothing any more, whatever it is asked: a GPU after some errors, until it is opened anew.</summary>
    internal virtual bool HasFailed => false;

    /// <summary>Whether it has tensor cores that multiply floats, and is to use them.</summary>
    internal virtual bool HasTensorCores => false;

    /// <summary>
    /// What <see cref="Auto"/> looked for before it took this device, each with why it was not taken; empty for any other device.
    /// </summary>
    public IReadOnlyList<DeviceFinding> PassedOver { get; private set; } = [];

    /// <summary>The best device there is: a CUDA GPU, else an OpenCL GPU, else the CPU.</summary>
    /// <remarks>
    /// A GPU whose driver does not work is passed over as well; <see cref="PassedOver"/> tells why, and <see cref="DeviceFinding.IsFault"/>
    /// tells such a GPU from one that is not there. In a program that was compiled ahead of time it is the CPU: kernels for a GPU are
    /// compiled when the program runs.
    /// </remarks>
    public static Device Auto()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
            return new CpuDevice { PassedOver = CompiledAhead() };
        DeviceSearch cuda = IlgpuDevice.SearchCuda();
        if (cuda.Device is { } first)
            return first;
        DeviceSearch openCl = IlgpuDevice.SearchOpenCl();
        return openCl.Device is { } second
            ? Over(second, cuda)
            : Over(new CpuDevice(), cuda, openCl);

        static Device Over(Device device, params ReadOnlySpan<DeviceSearch> passed)
        {
            device.PassedOver = [.. passed.ToArray().Select(search => search.Finding)];
            return device;
        }
    }

    /// <summary>
    /// Looks for a GPU of each kind, best first, and says which can be used and why the others cannot. Never throws for want of one.
    /// </summary>
    /// <remarks>Each GPU is opened and closed again, which takes some tenths of a second.</remarks>
    public static IReadOnlyList<DeviceFinding> Survey()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
            return CompiledAhead();
        DeviceSearch cuda = IlgpuDevice.SearchCuda(), openCl = IlgpuDevice.SearchOpenCl();
        cuda.Device?.Dispose();
        openCl.Device?.Dispose();
        return [cuda.Finding, openCl.Finding];
    }

    /// <summary>The CPU, with SIMD routines.</summary>
    /// <param name="threads">Threads to use, at most 1024; 0 for one for each core. The results do not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative, or more than 1024.</exception>
    /// <exception cref="InvalidOperationException">The system does not give so many threads.</exception>
    public static Device Cpu(int threads = 0) => new CpuDevice(threads);

    /// <summary>A CUDA GPU: of several the one with the most multiprocessors.</summary>
    /// <param name="cuBlas">
    /// Whether NVIDIA's cuBLAS computes products that have nothing else to do, where it is installed; <see cref="Name"/> tells whether it
    /// does. False for the generated kernels alone.
    /// </param>
    /// <param name="tensorCores">
    /// Whether tensor cores compute the products that have kernels for them, which they have where a model's
    /// <see cref="PrecisionAttribute"/> or the build property <c>VptDslTensorCores</c> asks for some, on GPUs from SM_80 on. False for the
    /// kernels that every GPU runs.
    /// </param>
    /// <exception cref="DeviceUnavailableException">
    /// There is none that can be used; the message says what was found, and what it lacks.
    /// </exception>
    public static Device Cuda(bool cuBlas = true, bool tensorCores = true) => RuntimeFeature.IsDynamicCodeSupported
        ? IlgpuDevice.SearchCuda(cuBlas, tensorCores).Required
        : throw CompiledAhead("CUDA");

    /// <summary>One of several CUDA GPUs; a process may open each.</summary>
    /// <param name="index">
    /// Which, from 0, in the driver's order. The environment variable <c>CUDA_VISIBLE_DEVICES</c> says which the driver shows.
    /// </param>
    /// <param name="cuBlas">As for <see cref="Cuda(bool, bool)"/>.</param>
    /// <param name="tensorCores">As for <see cref="Cuda(bool, bool)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    /// <exception cref="DeviceUnavailableException">
    /// There is no such GPU that can be used; the message says what was found, and what it lacks.
    /// </exception>
    public static Device Cuda(int index, bool cuBlas = true, bool tensorCores = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return RuntimeFeature.IsDynamicCodeSupported
            ? IlgpuDevice.SearchCuda(cuBlas, tensorCores, index).Required
            : throw CompiledAhead("CUDA");
    }

    /// <summary>An OpenCL GPU.</summary>
    /// <exception cref="DeviceUnavailableException">
    /// There is none that can be used; the message says what was found, and what it lacks.
    /// </exception>
    public static Device OpenCl() => RuntimeFeature.IsDynamicCodeSupported
        ? IlgpuDevice.SearchRequestedOpenCl().Required
        : throw CompiledAhead("OpenCL");

    /// <summary>
    /// ILGPU's CPU simulator: runs the GPU kernels under a debugger, thousands of times slower than <see cref="Cpu"/>. For tests.
    /// </summary>
    /// <exception cref="DeviceUnavailableException">The program was compiled ahead of time.</exception>
    public static Device Simulator() => RuntimeFeature.IsDynamicCodeSupported
        ? IlgpuDevice.CreateSimulator()
        : throw CompiledAhead("The simulator");

    /// <summary>Held by the thread that computes: see <see cref="DeviceTurn"/>.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>What asynchronous calls wait in, so that only the first of them keeps a thread waiting for its turn.</summary>
    internal SemaphoreSlim Queue { get; } = new(1, 1);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Lets go of the device. It is freed now, or where tuners are left, when the last of them is disposed of.</summary>
    public void Dispose()
    {
        bool isFree;
        lock (_ownership)
        {
            isFree = !_disposed && _leases == 0;
            _disposed = true;
        }

        if (isFree)
            Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Holds the device for a program.</summary>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    internal DeviceLease Lease()
    {
        lock (_ownership)
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(
                    Name, $"The device \"{Name}\" was disposed of, and takes no new tuners: create another device.");
            }

            _leases++;
            return new DeviceLease(this);
        }
    }

    /// <summary>Takes a lease back.</summary>
    /// <param name="disposing">Whether its program was disposed of; false where it was collected.</param>
    internal void Return(bool disposing)
    {
        bool isFree;
        lock (_ownership)
            isFree = --_leases == 0 && _disposed;
        if (isFree)
            Dispose(disposing);
    }

    private static DeviceFinding[] CompiledAhead() =>
        [.. new[] { "CUDA", "OpenCL" }.Select(kind => new DeviceFinding(kind, null, CompiledAhead(kind).Message, IsFault: false))];

    // Each factory asks by itself, and not through this class: so the compiler sees that no GPU can be meant, and leaves ILGPU out.
    private static DeviceUnavailableException CompiledAhead(string kind) => new(
        $"{kind} cannot be used in a program that was compiled ahead of time (PublishAot): ILGPU compiles kernels when the program runs. "
        + "Publish without PublishAot, or use Device.Auto() or Device.Cpu().");

    /// <summary>Frees what the device holds.</summary>
    /// <param name="disposing">Whether it happens on a thread of the caller; false on the finalizer's.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A device that was asked for is not there, or lacks something that the kernels need.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);
