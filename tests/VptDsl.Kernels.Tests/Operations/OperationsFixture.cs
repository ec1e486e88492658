using System.Reflection;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Cpu;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>All cases emitted as one class and compiled, as a model's operations are.</summary>
public sealed class OperationsFixture
{
    private readonly CallTable _calls;
    private readonly string _namespace;
    private readonly Assembly _usual;
    private readonly Assembly _tiny;

    /// <summary>Emits and compiles.</summary>
    public OperationsFixture()
    {
        var scope = new Scope("tests", -1, Backward: false);
        _calls = new CallTable(
            OperationCases.All.Select(c => new Step(c.Call, c.IsAligned ? Aligned(c.Call) : EquatableArray<Operand>.Empty, scope)));
        var spec = new ModelSpec(
            new("Emitted.Operations", "Probe", "public"),
            new VitSpec(8, 1, 4, 8, 1, 1, 8),
            null,
            new ClassifierHeadSpec(2),
            TrainedSet.PromptsAndHead);
        _namespace = spec.Type.ClosedNamespace;
        _usual = Emit(spec, KernelOptions.Default);
        _tiny = Emit(spec, KernelOptions.Tiny);
    }

    internal Type Kernels => _usual.GetType(KernelsEmitter.TypeName, throwOnError: true)!;

    internal IProgramDevice Create(Device device)
    {
        string name = device is CpuDevice ? "CpuOperations" : "IlgpuOperations";
        Assembly emitted = device is IlgpuDevice { IsSimulator: true } ? _tiny : _usual;
        return (IProgramDevice)Activator.CreateInstance(TypeOf(emitted, name), device)!;
    }

    internal void Invoke(OperationCase drawn, IProgramDevice operations, Slot[] slots) =>
        operations.GetType().GetMethod(_calls[drawn.Call])!.Invoke(operations, slots.Cast<object>().ToArray());

    /// <summary>Operands at the beginning of a region.</summary>
    internal static EquatableArray<Operand> Aligned(Call call) => call.Operands
        .Select(o => new Operand(o.Name, -1, new(Region.Arena, 0, 0), o.Layout.Shape)).ToEquatableArray();

    private Type TypeOf(Assembly emitted, string name) => emitted.GetType($"{_namespace}.{name}", throwOnError: true)!;

    private Assembly Emit(ModelSpec spec, KernelOptions options)
    {
        var kernels = new CallKernels(_calls, options);
        return EmittedAssembly.Compile(
            OperationsEmitter.Emit(spec, _calls), CpuEmitter.Emit(spec, _calls), IlgpuEmitter.Emit(spec, kernels),
            KernelsEmitter.Emit(kernels.Emitted).Text);
    }
}
