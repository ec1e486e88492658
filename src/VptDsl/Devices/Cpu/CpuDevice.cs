using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VptDsl.Devices.Cpu;

/// <summary>The CPU: SIMD routines over all cores.</summary>
public sealed class CpuDevice : Device
{
    private const int MaximumThreads = 1024;

    /// <summary>Starts the worker threads.</summary>
    /// <param name="threads">Threads to use, at most 1024; 0 for one for each core.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative, or more than 1024.</exception>
    /// <exception cref="InvalidOperationException">The system does not give so many threads.</exception>
    public CpuDevice(int threads = 0)
    {
        if (threads is < 0 or > MaximumThreads)
        {
            throw new ArgumentOutOfRangeException(
                nameof(threads), threads, $"A CPU device has 1 to {MaximumThreads} threads. Give 0 for one for each core.");
        }

        Workers = new CpuWorkers(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public override string Name =>
        $"CPU, {Workers.Threads} {(Workers.Threads == 1 ? "thread" : "threads")}, {VectorBits}-bit vectors";

    /// <inheritdoc/>
    /// <remarks>
    /// Where a processor multiplies and adds at once it rounds once, and the system's library of C has logarithms and the like.
    /// </remarks>
    internal override string Arithmetic =>
        $"CPU, {VectorBits}-bit vectors, {RuntimeInformation.ProcessArchitecture}{(RoundsTwice ? " without FMA" : "")}, {SystemName}";

    private static bool RoundsTwice => RuntimeInformation.ProcessArchitecture == Architecture.X64 && !Fma.IsSupported;

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "Windows"
        : OperatingSystem.IsMacOS() ? "macOS"
        : OperatingSystem.IsLinux() ? "Linux"
        : RuntimeInformation.OSDescription;

    internal CpuWorkers Workers { get; }

    private static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;

    /// <inheritdoc/>
    /// <remarks>The workers keep themselves alive, so nobody else stops them.</remarks>
    protected override void Dispose(bool disposing) => Workers.Dispose();
}
