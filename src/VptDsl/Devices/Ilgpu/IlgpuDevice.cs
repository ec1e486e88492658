using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A device that runs the emitted ILGPU kernels: a CUDA or OpenCL GPU, or ILGPU's simulator.</summary>
public sealed class IlgpuDevice : Device
{
    // The largest groups that are emitted. The simulator starts as many threads as the largest group that was launched has.
    private const int SimulatedWarp = 4;
    private const int SimulatedWarps = 64;

    // A launch on the simulator wakes each of a group's threads, which is most of its cost.
    private const int SimulatedGroup = 4;

    private readonly Context _context;
    private readonly bool _usesTensorCores;
    private readonly Dictionary<MethodInfo, Kernel> _kernels = [];
    private readonly Dictionary<(string Identity, bool InGroups), Kernel> _compiled = [];

    private IlgpuDevice(
        string kind,
        Context context,
        ILGPU.Runtime.Device device,
        Func<Accelerator, MatrixLibrary?>? openLibrary = null,
        bool tensorCores = false)
    {
        _context = context;
        _usesTensorCores = tensorCores;
        Accelerator = device.CreateAccelerator(context);
        IsSimulator = Accelerator.AcceleratorType == AcceleratorType.CPU;
        Library = openLibrary?.Invoke(Accelerator);
        Name = Library is null ? $"{kind}, {device.Name}" : $"{kind}, {device.Name}, plain products by {Library.Name}";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    /// <remarks>The driver of a CUDA GPU compiles the kernels, and chooses which operations it contracts.</remarks>
    internal override string Arithmetic => Accelerator is CudaAccelerator cuda
        ? $"{Name}{(HasTensorCores ? ", tensor cores" : "")}, driver {cuda.DriverVersion}"
        : Name;

    /// <inheritdoc/>
    internal override bool HasFailed
    {
        get
        {
            if (Accelerator is not CudaAccelerator)
                return false;
            try
            {
                Accelerator.Bind();
                Accelerator.Synchronize();
                return false;
            }
            catch (AcceleratorException)
            {
                return true;
            }
        }
    }

    internal Accelerator Accelerator { get; }

    /// <summary>The most bytes that one block of memory may have, as if the device had no more; null for what it has.</summary>
    internal long? MostBytes { get; set; }

    /// <summary>Bytes of its memory that are free now; null where the driver does not say.</summary>
    internal long? FreeBytes => MostBytes ?? (Accelerator as CudaAccelerator)?.GetFreeMemory();

    /// <summary>The vendor's library of products; null where there is none or it is not wanted.</summary>
    internal MatrixLibrary? Library { get; }

    /// <inheritdoc/>
    /// <remarks>CUDA GPUs have such from SM_80 on.</remarks>
    internal override bool HasTensorCores => _usesTensorCores && Accelerator is CudaAccelerator { Architecture: var architecture }
        && architecture >= CudaArchitecture.SM_80;

    /// <summary>Whether it simulates a GPU's threads by threads of the CPU.</summary>
    internal bool IsSimulator { get; }

    /// <summary>The largest CUDA device, or null where none can be used.</summary>
    /// <param name="cuBlas">Whether cuBLAS may compute plain products, where it is installed.</param>
    /// <param name="tensorCores">Whether tensor cores may compute the products that have kernels for them.</param>
    internal static IlgpuDevice? TryCuda(bool cuBlas = true, bool tensorCores = true) => SearchCuda(cuBlas, tensorCores).Device;

    /// <inheritdoc cref="TryCuda"/>
    /// <param name="index">Which, in the driver's order; the largest if left out.</param>
    internal static DeviceSearch SearchCuda(bool cuBlas = true, bool tensorCores = true, int? index = null) => Search(
        "CUDA",
        AcceleratorType.Cuda,
        builder => builder.Cuda(),
        MissingDevice.Cuda,
        cuBlas ? CuBlasLibrary.TryCreate : null,
        tensorCores,
        index);

    /// <summary>The OpenCL GPU with the most compute units, or null where none can be used.</summary>
    internal static IlgpuDevice? TryOpenCl() => SearchOpenCl().Device;

    /// <inheritdoc cref="TryOpenCl()"/>
    internal static DeviceSearch SearchOpenCl() => SearchOpenCl("OpenCL", OpenClDevices.IsGpu);

    /// <summary>An OpenCL implementation that runs on the CPU, for tests and benchmarks: users have <see cref="Cpu.CpuDevice"/>.</summary>
    /// <param name="vectorised">
    /// Whether PoCL may vectorise kernels, for timings: it gets some wrong on some CPUs (<see cref="PoclSettings"/>).
    /// </param>
    internal static IlgpuDevice? TryOpenClOnCpu(bool vectorised = false)
    {
        if (!vectorised)
            PoclSettings.LeaveLoopsAsTheyAre();
        return SearchOpenClOnCpu().Device;
    }

    /// <inheritdoc cref="TryOpenClOnCpu"/>
    internal static DeviceSearch SearchOpenClOnCpu(int? index = null) => SearchOpenCl("OpenCL on the CPU", OpenClDevices.IsCpu, index);

    /// <summary>
    /// The OpenCL device that was asked for by name: a GPU, else an implementation on the CPU where the environment admits it.
    /// </summary>
    internal static DeviceSearch SearchRequestedOpenCl()
    {
        DeviceSearch gpu = SearchOpenCl();
        return gpu.Device is null && OpenClDevices.AdmitsCpu && TryOpenClOnCpu() is { } cpu ? DeviceSearch.Found("OpenCL", cpu) : gpu;
    }

    /// <param name="openLibrary">Opens a library of products for it; left out where the emitted kernels compute them all.</param>
    internal static IlgpuDevice CreateSimulator(Func<Accelerator, MatrixLibrary?>? openLibrary = null)
    {
        Context context = CreateContext(builder => builder.CPU(new CPUDevice(SimulatedWarp, SimulatedWarps, numMultiprocessors: 1)));
        return new("ILGPU simulator", context, context.Devices[0], openLibrary);
    }

    /// <summary>How many kernels have been compiled; programs share those that have the same code.</summary>
    internal int CompiledKernels => _compiled.Count;

    /// <summary>Compiles a kernel, unless a program on this device has had one with the same code compiled before.</summary>
    /// <typeparam name="TLauncher">
    /// A delegate that takes the stream and the number of threads before the kernel's own parameters.
    /// </typeparam>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it.</exception>
    internal TLauncher Load<TLauncher>(MethodInfo kernel)
        where TLauncher : Delegate => Load<TLauncher>(kernel, inGroups: false, k => IsSimulator
            ? Accelerator.LoadImplicitlyGroupedKernel(k, SimulatedGroup)
            : Accelerator.LoadAutoGroupedKernel(k));

    /// <summary>
    /// Compiles a kernel whose threads work in groups, unless a program on this device has had one with the same code compiled before.
    /// </summary>
    /// <typeparam name="TLauncher">A delegate that takes the stream and the grid before the kernel's own parameters.</typeparam>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it.</exception>
    internal TLauncher LoadGroups<TLauncher>(MethodInfo kernel)
        where TLauncher : Delegate => Load<TLauncher>(kernel, inGroups: true, Accelerator.LoadKernel);

    /// <summary>Takes memory.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    /// <exception cref="AcceleratorException">The driver refuses.</exception>
    internal MemoryBuffer1D<float, Stride1D.Dense> Allocate(long floats) => floats * sizeof(float) <= (MostBytes ?? long.MaxValue)
        ? Accelerator.Allocate1D<float>(floats)
        : throw new OutOfMemoryException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Not on the finalizer's thread, which nothing may keep waiting.
        if (disposing)
            Free();
        else
            ThreadPool.QueueUserWorkItem(_ => Free());
    }

    private void Free()
    {
        Quietly(() =>
        {
            Accelerator.Bind();
            Library?.Dispose();
        });
        try
        {
            Accelerator.Dispose();
        }
        catch (AcceleratorException)
        {
            // ILGPU stops at the first buffer that cannot be freed: what a GPU that has failed holds goes with its context.
            if (Accelerator is CudaAccelerator)
                _ = CudaAPI.CurrentAPI.DestroyContext(Accelerator.NativePtr);
        }

        Quietly(_context.Dispose);
    }

    /// <summary>
    /// Disposes of something. A GPU that has failed answers everything with its error: the first of them, which may be on its way, must
    /// not be hidden.
    /// </summary>
    internal static void Quietly(Action dispose)
    {
        try
        {
            dispose();
        }
        catch (Exception e) when (e is AcceleratorException or CuBlasException)
        {
        }
    }

    private TLauncher Load<TLauncher>(MethodInfo kernel, bool inGroups, Func<MethodInfo, Kernel> load)
        where TLauncher : Delegate
    {
        using (new DeviceTurn(Gate, this))
        {
            if (!_kernels.TryGetValue(kernel, out Kernel? loaded))
            {
                (string, bool) key = (KernelIdentity.Of(kernel), inGroups);
                if (!_compiled.TryGetValue(key, out loaded))
                    _compiled.Add(key, loaded = Compile(kernel, load));
                _kernels.Add(kernel, loaded);
            }

            return loaded.CreateLauncherDelegate<TLauncher>();
        }
    }

    /// <summary>Compiles a kernel.</summary>
    /// <exception cref="NotSupportedException">The device or its driver cannot run it; the message has what the driver said.</exception>
    /// <exception cref="InsufficientMemoryException">The device has no memory left for its code.</exception>
    internal Kernel Compile(MethodInfo kernel, Func<MethodInfo, Kernel> load)
    {
        Accelerator.Bind();
        using var log = new DriverLog();
        try
        {
            return load(kernel);
        }
        catch (Exception e) when (IsOutOfMemory(e))
        {
            throw new InsufficientMemoryException(
                $"{Name} has no memory left to load the kernel {kernel.Name}: use a smaller batch, or end what else uses the device.", e);
        }
        catch (Exception e) when (e is AcceleratorException or InternalCompilerException)
        {
            throw new NotSupportedException(
                $"{Name} cannot run the kernel {kernel.Name}: {e.Message.TrimEnd('.')}. Update its driver, or use Device.Cpu().{log}", e);
        }
    }

    private static bool IsOutOfMemory(Exception e) =>
        e is CudaException { Error: nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY) }
            or CLException { Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY };

    /// <remarks>
    /// The second optimisation level is the one that infers address spaces, without which OpenCL 1.2 and PoCL refuse the kernels.
    /// </remarks>
    internal static Context CreateContext(Action<Context.Builder> addDevices) =>
        Context.Create(builder => addDevices(builder.Optimize(OptimizationLevel.O2).EnableAlgorithms()));

    private static DeviceSearch SearchOpenCl(string kind, Predicate<CLDevice> isTaken, int? index = null) =>
        OpenClDevices.FenceSharedMemory()
            ? Search(kind, AcceleratorType.OpenCL, builder => builder.OpenCL(isTaken), MissingDevice.OpenCl, index: index)
            : DeviceSearch.Missed(kind, MissingDevice.UnknownBarriers(typeof(Context).Assembly.GetName().Version), isFault: true);

    /// <param name="explain">Says why there is no device, given what was thrown.</param>
    /// <remarks>
    /// Looking for a device must not fail: drivers that are missing, old or broken throw all sorts of exceptions. A context that
    /// finds no device gives itself the simulator, which is not what was looked for.
    /// </remarks>
    private static DeviceSearch Search(
        string kind,
        AcceleratorType type,
        Action<Context.Builder> addDevices,
        Func<Exception?, DeviceSearch> explain,
        Func<Accelerator, MatrixLibrary?>? openLibrary = null,
        bool tensorCores = false,
        int? index = null)
    {
        Context? context = null;
        Exception? cause = null;
        try
        {
            context = CreateContext(addDevices);
            ILGPU.Runtime.Device[] found = [.. context.Devices.Where(d => d.AcceleratorType == type)];
            if ((index is { } asked ? found.ElementAtOrDefault(asked) : found.MaxBy(d => d.NumMultiprocessors)) is { } device)
                return DeviceSearch.Found(kind, new(kind, context, device, openLibrary, tensorCores));
            if (found.Length > 0)
            {
                context.Dispose();
                return DeviceSearch.Missed(kind, MissingDevice.NoSuchIndex(kind, index, found.Select(d => d.Name)), isFault: false);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cause = e;
        }

        context?.Dispose();
        return explain(cause);
    }
}
