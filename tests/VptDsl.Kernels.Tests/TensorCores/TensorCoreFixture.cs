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
using VptDsl.Programs;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>The kernels of some cases on tensor cores, emitted, compiled, and turned into PTX by ILGPU.</summary>
public abstract class TensorCoreFixture : IDisposable
{
    private readonly PtxCompiler _compiler = new(CudaArchitecture.SM_80);
    private readonly ConcurrentDictionary<TensorCoreOptions, (CallKernels Kernels, Type Emitted)> _emitted = [];
    private readonly CallTable _calls;

    private protected TensorCoreFixture(IEnumerable<OperationCase> cases) => _calls = new(cases.Select(c => new Step(
        c.Call,
        c.IsAligned ? OperationsFixture.Aligned(c.Call) : EquatableArray<Operand>.Empty,
        new Scope("tests", -1, Backward: false))));

    /// <summary>The kernel of a case that has one alone.</summary>
    internal Kernel Kernel(OperationCase drawn, TensorCoreOptions options) => Kernels(options).OnTensorCores(drawn.Call).Single();

    /// <summary>The kernels of all cases.</summary>
    internal CallKernels Kernels(TensorCoreOptions options) => Emitted(options).Kernels;

    /// <summary>What ILGPU makes of a kernel.</summary>
    internal string Ptx(Kernel kernel, TensorCoreOptions options) => _compiler.Compile(Emitted(options).Emitted.GetMethod(kernel.Name)!);

    /// <inheritdoc/>
    public void Dispose()
    {
        _compiler.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Launches the kernels of a case as the emitted operation does.</summary>
    internal void Launch(
        PtxDevice device, OperationCase drawn, TensorCoreOptions options, Slot[] slots, Func<string, string>? change = null)
    {
        IReadOnlyList<Kernel> kernels = Kernels(options).OnTensorCores(drawn.Call);
        Assert.NotEmpty(kernels);
        device.ReserveScratch(ScratchSize.Of(kernels));
        foreach (Kernel kernel in kernels)
        {
            if (kernel.TakesAddresses)
                device.Launch(kernel, PtxProgram.Parse(change?.Invoke(Ptx(kernel, options)) ?? Ptx(kernel, options)), drawn.Call, slots);
            else
                device.Compute(kernel, drawn.Call, slots);
        }
    }

    private (CallKernels Kernels, Type Emitted) Emitted(TensorCoreOptions options) => _emitted.GetOrAdd(options, _ =>
    {
        var kernels = new CallKernels(_calls, KernelOptions.Default with { TensorCores = options });
        string[] names = [.. kernels.AllOnTensorCores.Select(k => k.Name)];
        Assembly assembly = EmittedAssembly.Compile(KernelsEmitter.Emit(kernels.Emitted.Where(k => names.Contains(k.Name))).Text);
        return (kernels, assembly.GetType(KernelsEmitter.TypeName, throwOnError: true)!);
    });
}

/// <summary>All products.</summary>
public sealed class TensorProductFixture() : TensorCoreFixture(TensorCoreCases.All);

/// <summary>All attentions.</summary>
public sealed class TensorAttentionFixture() : TensorCoreFixture([.. TensorAttentionCases.All, .. TensorAttentionCases.Gradients]);
