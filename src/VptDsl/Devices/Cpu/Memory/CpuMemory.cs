using System.Globalization;
using System.Runtime.InteropServices;

namespace VptDsl.Devices.Cpu;

/// <summary>A block of native memory for floats: zeroed, aligned to a cache line, at a fixed address until disposed.</summary>
internal sealed unsafe class CpuMemory : IDisposable
{
    /// <summary>Bytes: one cache line, which is also the widest vector.</summary>
    internal const int Alignment = 64;

    /// <summary>Allocates <paramref name="count"/> floats, all zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or more than the process can address.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has not that much memory left.</exception>
    public CpuMemory(long count)
    {
        if (count < 0 || count > (nint.MaxValue / sizeof(float)) - Alignment)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "CPU memory: the number of floats must lie in the address space.");
        }

        nuint bytes = (nuint)Math.Max(count, 1) * sizeof(float);
        try
        {
            Data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                string.Create(CultureInfo.InvariantCulture, $"CPU memory: {bytes:N0} bytes could not be allocated; use a smaller batch."),
                e);
        }

        NativeMemory.Clear(Data, bytes);
        Count = count;
    }

    ~CpuMemory() => Free();

    /// <summary>The first float; null once disposed.</summary>
    public float* Data { get; private set; }

    /// <summary>The number of floats.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
        Count = 0;
    }
}
