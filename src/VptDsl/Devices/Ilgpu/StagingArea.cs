using ILGPU;
using ILGPU.Runtime;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A second memory for the inputs of a batch, which the next batch's are copied into while the device works on this one.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="allocate">Allocates memory on it.</param>
internal sealed class StagingArea(Accelerator accelerator, Func<long, MemoryBuffer1D<float, Stride1D.Dense>> allocate) : IDisposable
{
    // Beside the stream that computes: on a GPU, its copies and the other's kernels run at the same time.
    private readonly AcceleratorStream _stream = accelerator.CreateStream();
    private readonly UploadBuffer _upload = new(accelerator);
    private MemoryBuffer1D<float, Stride1D.Dense>? _memory;
    private bool _isReadByKernels;

    /// <summary>How often a copy had to wait for kernels, and did not run beside them.</summary>
    public int Waits { get; private set; }

    /// <summary>Begins to copy.</summary>
    /// <param name="source">The inputs of the batch after this one.</param>
    /// <param name="computing">The stream of the kernels.</param>
    public void Begin(ReadOnlySpan<float> source, AcceleratorStream computing)
    {
        // What is here was a batch's inputs until the last one came: its kernels must be through.
        if (_isReadByKernels)
        {
            computing.Synchronize();
            Waits++;
        }

        _isReadByKernels = false;
        if (_memory is null || _memory.Length < source.Length)
        {
            _memory?.Dispose();
            _memory = null;
            _memory = allocate(source.Length);
        }

        _upload.Send(_stream, source, _memory.View.BaseView.SubView(0, source.Length));
    }

    /// <summary>Waits for the copy and exchanges it for the memory of the batch before.</summary>
    /// <param name="memory">The memory that the kernels launched from here on read.</param>
    /// <param name="isReadByKernels">Whether kernels that were launched before may still read it.</param>
    public void Take(ref MemoryBuffer1D<float, Stride1D.Dense>? memory, bool isReadByKernels)
    {
        if (_memory is null)
            throw new InvalidOperationException("No batch was staged.");
        _upload.Wait();
        (memory, _memory) = (_memory, memory);
        _isReadByKernels = isReadByKernels;
    }

    /// <summary>Says that the kernels launched so far are through.</summary>
    public void Waited() => _isReadByKernels = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        _upload.Dispose();
        _memory?.Dispose();
        _stream.Dispose();
    }
}
