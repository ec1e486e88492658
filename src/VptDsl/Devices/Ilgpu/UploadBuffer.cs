using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace VptDsl.Devices.Ilgpu;

/// <summary>
/// Page-locked memory of the host that data passes on its way to the device: a GPU fetches it by itself, while the host goes on.
/// </summary>
/// <param name="accelerator">The device.</param>
internal sealed class UploadBuffer(Accelerator accelerator) : IDisposable
{
    private PageLockedArray1D<float>? _memory;
    private AcceleratorStream? _fetching;

    /// <summary>Takes a copy of the data, and lets the device fetch it in the order of a stream.</summary>
    public void Send(AcceleratorStream stream, ReadOnlySpan<float> source, ArrayView<float> destination)
    {
        Wait();
        if (_memory is null || _memory.Length < source.Length)
        {
            _memory?.Dispose();
            _memory = null;
            _memory = TryLock(source.Length);
        }

        // A host that locks no more memory for the device copies from where the data lies, and waits.
        if (_memory is null)
        {
            destination.CopyFromCPU(stream, source);
            return;
        }

        source.CopyTo(_memory.Span);
        destination.CopyFromCPUUnsafeAsync(stream, ref MemoryMarshal.GetReference(_memory.Span), source.Length);
        _fetching = stream;
    }

    /// <summary>Waits until the device has fetched what was sent, if it may not have yet.</summary>
    public void Wait()
    {
        _fetching?.Synchronize();
        _fetching = null;
    }

    /// <summary>Says that somebody else has waited for a stream.</summary>
    public void Waited(AcceleratorStream stream)
    {
        if (_fetching == stream)
            _fetching = null;
    }

    private PageLockedArray1D<float>? TryLock(long floats)
    {
        try
        {
            return accelerator.AllocatePageLocked1D<float>(floats);
        }
        catch (AcceleratorException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Wait();
        _memory?.Dispose();
        _memory = null;
    }
}
