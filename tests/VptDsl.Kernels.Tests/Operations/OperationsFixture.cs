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

/// <summary>All cases emitted as one class and compiled, as a model's operations are; once for all that test them.</summary>
public sealed class OperationsFixture
{
    private static readonly ModelSpec Spec = new(
        new("Emitted.Operations", "Probe", "public"),
        new VitSpec(8, 1, 4, 8, 1, 1, 8),
        null,
        new ClassifierHeadSpec(2),
        TrainedSet.PromptsAndHead);

    private static readonly Lazy<CallTable> Calls = new(() => new(OperationCases.All.Select(c => new Step(
        c.Call,
        c.IsAligned ? Aligned(c.Call) : EquatableArray<Operand>.Empty,
        new Scope("tests", -1, Backward: false)))));

    private static readonly Lazy<Assembly> Usual = new(() => Emit(KernelOptions.Default));

    private static readonly Lazy<Assembly> Tiny = new(() => Emit(KernelOptions.Tiny));

    internal Type Kernels => Usual.Value.GetType(KernelsEmitter.TypeName, throwOnError: true)!;

    internal IProgramDevice Create(Device device)
    {
        string name = device is CpuDevice ? "CpuOperations" : "IlgpuOperations";
        Lazy<Assembly> emitted = device is IlgpuDevice { IsSimulator: true } ? Tiny : Usual;
        Type type = emitted.Value.GetType($"{Spec.Type.ClosedNamespace}.{name}", throwOnError: true)!;
        return (IProgramDevice)Activator.CreateInstance(type, device)!;
    }

    internal void Invoke(OperationCase drawn, IProgramDevice operations, Slot[] slots) =>
        operations.GetType().GetMethod(Calls.Value[drawn.Call])!.Invoke(operations, slots.Cast<object>().ToArray());

    /// <summary>Operands at the beginning of a region.</summary>
    internal static EquatableArray<Operand> Aligned(Call call) => call.Operands
        .Select(o => new Operand(o.Name, -1, new(Region.Arena, 0, 0), o.Layout.Shape)).ToEquatableArray();

    private static Assembly Emit(KernelOptions options)
    {
        var kernels = new CallKernels(Calls.Value, options);
        return EmittedAssembly.Compile(
            OperationsEmitter.Emit(Spec, Calls.Value), CpuEmitter.Emit(Spec, Calls.Value), IlgpuEmitter.Emit(Spec, kernels),
            KernelsEmitter.Emit(kernels.Emitted).Text);
    }
}
