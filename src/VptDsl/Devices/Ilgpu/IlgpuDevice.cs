using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A device that runs the emitted ILGPU kernels: a CUDA or OpenCL GPU, or ILGPU's simulator.</summary>
public sealed class IlgpuDevice : Device
{
    // Four threads: a launch on the simulator wakes each of them, which is most of its cost.
    private const int SimulatedWarp = 2;
    private const int SimulatedWarps = 2;

    private readonly Context _context;

    private IlgpuDevice(string kind, Context context, ILGPU.Runtime.Device device)
    {
        _context = context;
        Accelerator = device.CreateAccelerator(context);
        Name = $"{kind}, {device.Name}";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    internal Accelerator Accelerator { get; }

    /// <summary>The first CUDA device, or null where there is none or its driver is missing.</summary>
    internal static IlgpuDevice? TryCuda() => TryCreate("CUDA", AcceleratorType.Cuda, builder => builder.Cuda());

    /// <summary>The OpenCL GPU with the most compute units, or null where there is none or its driver is missing.</summary>
    internal static IlgpuDevice? TryOpenCl() => TryCreate("OpenCL", AcceleratorType.OpenCL, builder => builder.OpenCL(OpenClDevices.IsGpu));

    /// <summary>An OpenCL implementation that runs on the CPU, for tests and benchmarks: users have <see cref="Cpu.CpuDevice"/>.</summary>
    internal static IlgpuDevice? TryOpenClOnCpu() =>
        TryCreate("OpenCL on the CPU", AcceleratorType.OpenCL, builder => builder.OpenCL(OpenClDevices.IsCpu));

    internal static IlgpuDevice CreateSimulator()
    {
        Context context = CreateContext(builder => builder.CPU(new CPUDevice(SimulatedWarp, SimulatedWarps, numMultiprocessors: 1)));
        return new("ILGPU simulator", context, context.Devices[0]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Accelerator.Dispose();
        _context.Dispose();
    }

    /// <remarks>
    /// The second optimisation level is the one that infers address spaces, without which OpenCL 1.2 and PoCL refuse the kernels.
    /// </remarks>
    internal static Context CreateContext(Action<Context.Builder> addDevices) =>
        Context.Create(builder => addDevices(builder.Optimize(OptimizationLevel.O2).EnableAlgorithms()));

    /// <remarks>
    /// Looking for a device must not fail: drivers that are missing, old or broken throw all sorts of exceptions. A context that
    /// finds no device gives itself the simulator, which is not what was looked for.
    /// </remarks>
    private static IlgpuDevice? TryCreate(string kind, AcceleratorType type, Action<Context.Builder> addDevices)
    {
        Context? context = null;
        try
        {
            context = CreateContext(addDevices);
            if (context.Devices.Where(d => d.AcceleratorType == type).MaxBy(d => d.NumMultiprocessors) is { } device)
                return new(kind, context, device);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
        }

        context?.Dispose();
        return null;
    }
}
