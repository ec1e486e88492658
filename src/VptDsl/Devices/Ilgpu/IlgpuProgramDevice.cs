using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using VptDsl.Devices.Sharing;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A GPU's side of a generated program: memory, and the launching of its kernels.</summary>
/// <remarks>
/// Everything runs in the order of one stream. The host waits where it reads a result, and where it writes parameters; a batch goes to
/// the device through page-locked memory, and the next one's images beside the kernels, on a stream of their own.
/// </remarks>
public abstract class IlgpuProgramDevice : IProgramDevice
{
    /// <summary>Scratch memory begins at a multiple of so many floats: kernels read it in fours.</summary>
    private const int AlignedFloats = 64;

    private readonly IlgpuDevice _device;
    private readonly DeviceLease _lease;

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)]
    private readonly Type _kernels;

    private readonly MemoryBuffer1D<float, Stride1D.Dense>?[] _regions =
        new MemoryBuffer1D<float, Stride1D.Dense>?[Enum.GetValues<Region>().Length];

    private readonly UploadBuffer?[] _uploads = new UploadBuffer?[Enum.GetValues<Region>().Length];

    private readonly TaskCursor _tasks = new();

    private StagingArea? _staging;
    private bool _areInputsRead;
    private OptimizerLaunchers? _optimizers;
    private RegionLaunchers? _ofRegions;

    /// <summary>Makes sure that the device can run the kernels.</summary>
    /// <param name="device">The device.</param>
    /// <param name="kernels">The class whose public static methods are the program's kernels.</param>
    /// <param name="requirements">What the kernels need.</param>
    /// <exception cref="NotSupportedException">The device lacks something that they need.</exception>
    protected IlgpuProgramDevice(
        IlgpuDevice device,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type kernels,
        KernelRequirements requirements)
    {
        requirements.Check(device.Accelerator, device.Name);
        _device = device;
        _lease = device.Lease();
        _kernels = kernels;
    }

    /// <inheritdoc/>
    public Device Device => _device;

    /// <inheritdoc/>
    public int Batch
    {
        get => _tasks.Images;
        set => _tasks.Batch = value;
    }

    /// <inheritdoc/>
    public TaskMemory AllocateTask(long trained, long statistics) => new IlgpuTaskMemory(this, trained, statistics);

    /// <inheritdoc/>
    public void UseTask(TaskMemory? task) => _tasks.Read(task);

    /// <inheritdoc/>
    public void SetTasks(ReadOnlySpan<TaskImages> tasks) => _tasks.SetTasks(tasks);

    /// <inheritdoc/>
    public bool NextTask() => _tasks.Next();

    /// <summary>The device's own library of products; null where it has none.</summary>
    protected MatrixLibrary? Library => _device.Library;

    /// <summary>Whether products are computed on tensor cores, where they have a kernel for that.</summary>
    protected bool HasTensorCores => _device.HasTensorCores;

    /// <summary>The stream that everything runs on, made the current one of this thread.</summary>
    protected AcceleratorStream Stream
    {
        get
        {
            _device.Accelerator.Bind();
            return _device.Accelerator.DefaultStream;
        }
    }

    /// <inheritdoc/>
    public virtual long ScratchFloats => 0;

    /// <inheritdoc/>
    public virtual long UnpackedFloats => 0;

    /// <summary>Where an operation unpacks the frozen weights that it multiplies by, if they lie in memory in bfloat16.</summary>
    protected static Slot Unpacked => new(Region.Unpacked, 0);

    /// <inheritdoc/>
    public void Reserve(Region region, long floats)
    {
        ref MemoryBuffer1D<float, Stride1D.Dense>? memory = ref _regions[(int)region];
        if (memory is not null && memory.Length >= floats)
            return;
        if (memory is not null)
        {
            Free(memory);
            memory = null;
        }

        memory = AllocateZeroed(region.ToString(), floats);
    }

    /// <inheritdoc/>
    public long? FreeBytes => _device.FreeBytes;

    /// <inheritdoc/>
    public void Write(Slot destination, ReadOnlySpan<float> source)
    {
        if (source.IsEmpty)
            return;
        ArrayView<float> view = View(destination, source.Length);
        if (IsOfBatch(destination.Region))
            (_uploads[(int)destination.Region] ??= new UploadBuffer(_device.Accelerator)).Send(Stream, source, view);
        else
            view.CopyFromCPU(Stream, source);
    }

    /// <inheritdoc/>
    public void Read(Slot source, Span<float> destination)
    {
        if (destination.IsEmpty)
            return;
        AcceleratorStream stream = Stream;
        View(source, destination.Length).CopyToCPU(stream, destination);
        foreach (UploadBuffer? upload in _uploads)
            upload?.Waited(stream);
        _staging?.Waited();
        _areInputsRead = false;
    }

    /// <inheritdoc/>
    public bool CanStage => !_device.IsSimulator;

    /// <inheritdoc/>
    public void Stage(ReadOnlySpan<float> inputs)
    {
        AcceleratorStream stream = Stream;
        _staging ??= new StagingArea(_device.Accelerator, floats => Allocate("the next batch", floats));
        _staging.Begin(inputs, stream);
    }

    /// <inheritdoc/>
    public void TakeStaged()
    {
        if (_staging is null)
            throw new InvalidOperationException("No batch was staged.");
        _staging.Take(ref _regions[(int)Region.Inputs], _areInputsRead);
        _areInputsRead = false;
    }

    /// <summary>How often a staged batch's copy had to wait for kernels.</summary>
    internal int StagingWaits => _staging?.Waits ?? 0;

    /// <inheritdoc/>
    public void Update(long first, long count, long decayed, in OptimizerUpdate update)
    {
        _optimizers ??= new OptimizerLaunchers(_device, _kernels);
        ArrayView<float> parameters = View(new(Region.Trained, first), count), gradients = View(new(Region.Gradients, first), count);
        ArrayView<float> moments = View(new(Region.FirstMoments, first), count);
        if (update.Kind == OptimizerKind.Sgd)
            _optimizers.Sgd(Stream, parameters, gradients, moments, update, decayed);
        else
            _optimizers.AdamW(Stream, parameters, gradients, moments, View(new(Region.SecondMoments, first), count), update, decayed);
    }

    /// <inheritdoc/>
    public void Combine(Region target, float keep, Region source, float add, long count)
    {
        _ofRegions ??= new RegionLaunchers(_device);
        _ofRegions.Combine(Stream, View(new(target, 0), count), keep, View(new(source, 0), count), add);
    }

    /// <inheritdoc/>
    public double SumOfSquares(Region region, long count)
    {
        _ofRegions ??= new RegionLaunchers(_device);
        return _ofRegions.SumOfSquares(Stream, View(new(region, 0), count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IlgpuDevice.Quietly(DisposeMemory);
        _lease.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Compiles a kernel for the device.</summary>
    /// <typeparam name="TLauncher">
    /// A delegate that takes the stream and the number of threads before the kernel's own parameters.
    /// </typeparam>
    /// <param name="name">The kernel's method.</param>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it.</exception>
    protected TLauncher Load<TLauncher>(string name)
        where TLauncher : Delegate => _device.Load<TLauncher>(Kernel(name));

    /// <summary>Compiles a kernel whose threads work in groups.</summary>
    /// <typeparam name="TLauncher">A delegate that takes the stream and the grid before the kernel's own parameters.</typeparam>
    /// <param name="name">The kernel's method.</param>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it.</exception>
    protected TLauncher LoadGroups<TLauncher>(string name)
        where TLauncher : Delegate => _device.LoadGroups<TLauncher>(Kernel(name));

    /// <summary>How many groups it takes for items of all images.</summary>
    /// <param name="perImage">Items of an image.</param>
    /// <param name="each">Items of a group.</param>
    protected long Groups(long perImage, int each) => ((Batch * perImage) + each - 1) / each;

    /// <summary>The groups of a launch.</summary>
    /// <param name="x">Along x.</param>
    /// <param name="y">Along y.</param>
    /// <param name="z">Along z.</param>
    /// <param name="threads">Threads of each group.</param>
    /// <exception cref="InvalidOperationException">There are more than one launch can have.</exception>
    protected KernelConfig Grid(long x, long y, long z, (int X, int Y) threads)
    {
        Index3D most = _device.Accelerator.MaxGridSize;
        return x <= most.X && y <= most.Y && z <= most.Z
            ? new KernelConfig(new Index3D((int)x, (int)y, (int)z), new Index3D(threads.X, threads.Y, 1))
            : throw new InvalidOperationException(
                $"A batch of {Batch} images needs {x} × {y} × {z} groups of threads, and {_device.Name} takes {most}: "
                    + "use a smaller batch.");
    }

    /// <summary>
    /// Memory in which the kernels of one operation hand results on, at the end of the arena; another operation may overwrite it.
    /// </summary>
    /// <param name="floats">How much: with what alignment takes, no more than <see cref="ScratchFloats"/>.</param>
    protected ArrayView<float> Scratch(long floats)
    {
        long end = _regions[(int)Region.Arena]?.Length ?? 0;
        return View(new(Region.Arena, (end - floats) / AlignedFloats * AlignedFloats), floats);
    }

    /// <summary>The number of threads of all images.</summary>
    /// <param name="perImage">Those of one image.</param>
    /// <exception cref="InvalidOperationException">There are more than one launch can have.</exception>
    protected Index1D Threads(long perImage)
    {
        long threads = Batch * perImage;
        return threads <= int.MaxValue
            ? (int)threads
            : throw new InvalidOperationException(
                $"A batch of {Batch} images has {threads} elements in a layer, more than {int.MaxValue}: use a smaller batch.");
    }

    /// <summary>The memory of a matrix for each image of the batch.</summary>
    protected ArrayView<float> PerImage(Slot slot, int rows, int columns) => PerImage(slot, rows, columns, columns, (long)rows * columns);

    /// <summary>The memory of a matrix for each image of the batch, part of a larger one.</summary>
    protected ArrayView<float> PerImage(Slot slot, int rows, int columns, long rowStride, long imageStride) =>
        View(
            slot with { Offset = slot.Offset + (_tasks.First * imageStride) },
            ((Batch - 1) * imageStride) + Extent(rows, columns, rowStride));

    /// <summary>The memory of a matrix that all images share.</summary>
    protected ArrayView<float> Shared(Slot slot, int rows, int columns) => View(slot, Extent(rows, columns, columns));

    /// <summary>The memory of a matrix that all images share, part of a larger one.</summary>
    protected ArrayView<float> Shared(Slot slot, int rows, int columns, long rowStride) => View(slot, Extent(rows, columns, rowStride));

    /// <summary>Where memory of a CUDA GPU begins.</summary>
    protected static long Address(ArrayView<float> memory) => memory.LoadEffectiveAddressAsPtr();

    private void DisposeMemory()
    {
        if (_regions.Any(r => r is not null))
            Stream.Synchronize();
        foreach (MemoryBuffer1D<float, Stride1D.Dense>? memory in _regions)
            memory?.Dispose();
        foreach (UploadBuffer? upload in _uploads)
            upload?.Dispose();
        _staging?.Dispose();
        _staging = null;
        _ofRegions?.Dispose();
        _ofRegions = null;
        Array.Clear(_regions);
        Array.Clear(_uploads);
    }

    private static long Extent(int rows, int columns, long rowStride) => ((rows - 1) * rowStride) + columns;

    /// <summary>Whether a region is written anew for each batch.</summary>
    private static bool IsOfBatch(Region region) =>
        region is Region.Inputs or Region.Labels or Region.ImageWeights or Region.Softening or Region.Features or Region.Noise;

    private MethodInfo Kernel(string name) =>
        _kernels.GetMethod(name) ?? throw new ArgumentException($"{_kernels} has no kernel {name}.", nameof(name));

    private ArrayView<float> View(Slot slot, long count)
    {
        MemoryBuffer1D<float, Stride1D.Dense>? memory = (_tasks.Task as IlgpuTaskMemory)?.Of(slot) ?? _regions[(int)slot.Region];
        if (memory is null || slot.Offset < 0 || count < 0 || slot.Offset + count > memory.Length)
        {
            throw new InvalidOperationException(
                $"{slot.Region} has {memory?.Length ?? 0} floats; {count} were asked for at {slot.Offset}.");
        }

        // Nothing else asks for the inputs but what reads or writes them on the stream of the kernels.
        _areInputsRead |= slot.Region == Region.Inputs;
        return memory.View.BaseView.SubView(slot.Offset, count);
    }

    /// <summary>Zeroed memory of its own.</summary>
    internal MemoryBuffer1D<float, Stride1D.Dense> AllocateZeroed(string purpose, long floats)
    {
        AcceleratorStream stream = Stream;
        MemoryBuffer1D<float, Stride1D.Dense> memory = Allocate(purpose, Math.Max(floats, 1));
        memory.MemSetToZero(stream);
        return memory;
    }

    /// <summary>Waits for what uses memory, and gives it back.</summary>
    internal void Free(MemoryBuffer1D<float, Stride1D.Dense> memory)
    {
        Stream.Synchronize();
        memory.Dispose();
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(string purpose, long floats)
    {
        try
        {
            return _device.Allocate(floats);
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
        {
            throw new InsufficientMemoryException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_device.Name}: {floats * sizeof(float):N0} bytes for {purpose} could not be allocated; use a smaller batch."),
                e);
        }
    }
}
