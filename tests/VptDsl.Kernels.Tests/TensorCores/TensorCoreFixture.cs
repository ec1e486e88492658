using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Kernels.Tests.Operations;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>The kernels of all products on tensor cores, emitted, compiled, and turned into PTX by ILGPU.</summary>
public sealed class TensorCoreFixture : IDisposable
{
    private readonly PtxCompiler _compiler = new(CudaArchitecture.SM_80);
    private readonly ConcurrentDictionary<TensorPrecision, (CallKernels Kernels, Type Emitted)> _emitted = [];
    private readonly CallTable _calls = new(TensorCoreCases.All.Select(c => new Step(
        c.Call,
        c.IsAligned ? OperationsFixture.Aligned(c.Call) : EquatableArray<Operand>.Empty,
        new Scope("tests", -1, Backward: false))));

    /// <summary>The kernel of a case.</summary>
    internal Kernel Kernel(OperationCase drawn, TensorPrecision precision) => Emitted(precision).Kernels.OnTensorCores(drawn.Call)!;

    /// <summary>What ILGPU makes of a kernel.</summary>
    internal string Ptx(Kernel kernel, TensorPrecision precision) =>
        _compiler.Compile(Emitted(precision).Emitted.GetMethod(kernel.Name)!);

    internal PtxProgram Program(Kernel kernel, TensorPrecision precision) => PtxProgram.Parse(Ptx(kernel, precision));

    /// <inheritdoc/>
    public void Dispose() => _compiler.Dispose();

    private (CallKernels Kernels, Type Emitted) Emitted(TensorPrecision precision) => _emitted.GetOrAdd(precision, _ =>
    {
        var kernels = new CallKernels(_calls, KernelOptions.Default with { TensorCores = precision });
        string[] names = [.. kernels.AllOnTensorCores.Select(k => k.Name)];
        Assembly assembly = EmittedAssembly.Compile(KernelsEmitter.Emit(kernels.Emitted.Where(k => names.Contains(k.Name))).Text);
        return (kernels, assembly.GetType(KernelsEmitter.TypeName, throwOnError: true)!);
    });
}
