using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Compiles emitted kernels to PTX, which needs no GPU.</summary>
internal sealed class PtxCompiler : IDisposable
{
    /// <summary>The first version of PTX that knows SM_90, so that every assembler that does reads it.</summary>
    private static readonly CudaInstructionSet Version = CudaInstructionSet.ISA_78;

    private readonly Context _context = IlgpuDevice.CreateContext(_ => { });
    private readonly PTXBackend _backend;

    public PtxCompiler(CudaArchitecture architecture) => _backend = new(
        _context, new CudaCapabilityContext(architecture), architecture, Version, null!);

    public string Compile(MethodInfo kernel)
    {
        EntryPointDescription entry = kernel.GetParameters()[0].ParameterType == typeof(Index1D)
            ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel)
            : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        return ((PTXCompiledKernel)_backend.Compile(entry, default)).PTXAssembly;
    }

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }
}
