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
    private readonly Context _context = IlgpuDevice.CreateContext(_ => { });
    private readonly PTXBackend _backend;

    public PtxCompiler(CudaArchitecture architecture) => _backend = new(
        _context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, null!);

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
