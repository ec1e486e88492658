using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A GPU's side of a generated program: memory, and the launching of its kernels.</summary>
/// <remarks>Everything runs in the order of one stream; the host waits only where it copies.</remarks>
/// <param name="device">The device.</param>
/// <param name="kernels">The class whose public static methods are the program's kernels.</param>
public abstract class IlgpuProgramDevice(
    IlgpuDevice device, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type kernels) : IProgramDevice
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense>?[] _regions =
        new MemoryBuffer1D<float, Stride1D.Dense>?[Enum.GetValues<Region>().Length];

    private OptimizerLaunchers? _optimizers;

    /// <inheritdoc/>
    public int Batch { get; set; }

    /// <summary>The stream that everything runs on, made the current one of this thread.</summary>
    protected AcceleratorStream Stream
    {
        get
        {
            device.Accelerator.Bind();
            return device.Accelerator.DefaultStream;
        }
    }

    /// <inheritdoc/>
    public void Reserve(Region region, long floats)
    {
        ref MemoryBuffer1D<float, Stride1D.Dense>? memory = ref _regions[(int)region];
        if (memory is not null && memory.Length >= floats)
            return;
        AcceleratorStream stream = Stream;
        if (memory is not null)
        {
            stream.Synchronize();
            memory.Dispose();
            memory = null;
        }

        memory = Allocate(region, Math.Max(floats, 1));
        memory.MemSetToZero(stream);
    }

    /// <inheritdoc/>
    public void Write(Slot destination, ReadOnlySpan<float> source)
    {
        if (!source.IsEmpty)
            View(destination, source.Length).CopyFromCPU(Stream, source);
    }

    /// <inheritdoc/>
    public void Read(Slot source, Span<float> destination)
    {
        if (!destination.IsEmpty)
            View(source, destination.Length).CopyToCPU(Stream, destination);
    }

    /// <inheritdoc/>
    public void Update(long start, long count, in OptimizerUpdate update, float weightDecay)
    {
        _optimizers ??= new OptimizerLaunchers(device, kernels);
        ArrayView<float> parameters = View(new(Region.Trained, start), count), gradients = View(new(Region.Gradients, start), count);
        ArrayView<float> first = View(new(Region.FirstMoments, start), count);
        if (update.Kind == OptimizerKind.Sgd)
            _optimizers.Sgd(Stream, parameters, gradients, first, update, weightDecay);
        else
            _optimizers.AdamW(Stream, parameters, gradients, first, View(new(Region.SecondMoments, start), count), update, weightDecay);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_regions.Any(r => r is not null))
            Stream.Synchronize();
        foreach (MemoryBuffer1D<float, Stride1D.Dense>? memory in _regions)
            memory?.Dispose();
        Array.Clear(_regions);
        GC.SuppressFinalize(this);
    }

    /// <summary>Compiles a kernel for the device.</summary>
    /// <typeparam name="TLauncher">A delegate that takes the stream and the number of threads before the kernel's own parameters.</typeparam>
    /// <param name="name">The kernel's method.</param>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it.</exception>
    protected TLauncher Load<TLauncher>(string name)
        where TLauncher : Delegate
    {
        MethodInfo method = kernels.GetMethod(name) ?? throw new ArgumentException($"{kernels} has no kernel {name}.", nameof(name));
        return device.Load<TLauncher>(method);
    }

    /// <summary>The number of threads of all images.</summary>
    /// <param name="perImage">Those of one image.</param>
    /// <exception cref="InvalidOperationException">There are more than one launch can have.</exception>
    protected Index1D Threads(long perImage)
    {
        long threads = Batch * perImage;
        return threads <= int.MaxValue
            ? (int)threads
            : throw new InvalidOperationException($"A batch of {Batch} images has {threads} elements in a layer, more than {int.MaxValue}: use a smaller batch.");
    }

    /// <summary>The memory of a matrix for each image of the batch.</summary>
    protected ArrayView<float> PerImage(Slot slot, int rows, int columns) => PerImage(slot, rows, columns, columns, (long)rows * columns);

    /// <summary>The memory of a matrix for each image of the batch, part of a larger one.</summary>
    protected ArrayView<float> PerImage(Slot slot, int rows, int columns, long rowStride, long imageStride) =>
        View(slot, ((Batch - 1) * imageStride) + Extent(rows, columns, rowStride));

    /// <summary>The memory of a matrix that all images share.</summary>
    protected ArrayView<float> Shared(Slot slot, int rows, int columns) => View(slot, Extent(rows, columns, columns));

    /// <summary>The memory of a matrix that all images share, part of a larger one.</summary>
    protected ArrayView<float> Shared(Slot slot, int rows, int columns, long rowStride) => View(slot, Extent(rows, columns, rowStride));

    private static long Extent(int rows, int columns, long rowStride) => ((rows - 1) * rowStride) + columns;

    private ArrayView<float> View(Slot slot, long count)
    {
        MemoryBuffer1D<float, Stride1D.Dense>? memory = _regions[(int)slot.Region];
        if (memory is null || slot.Offset < 0 || count < 0 || slot.Offset + count > memory.Length)
            throw new InvalidOperationException($"{slot.Region} has {memory?.Length ?? 0} floats; {count} were asked for at {slot.Offset}.");
        return memory.View.BaseView.SubView(slot.Offset, count);
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(Region region, long floats)
    {
        try
        {
            return device.Accelerator.Allocate1D<float>(floats);
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
        {
            throw new InsufficientMemoryException(
                $"{device.Name}: {floats * sizeof(float):N0} bytes for {region} could not be allocated; use a smaller batch.", e);
        }
    }
}
