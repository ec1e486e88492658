using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>The GPU kernels of a model's calls.</summary>
internal sealed class CallKernels
{
    private readonly Dictionary<Call, IReadOnlyList<Kernel>> _kernels = [];
    private readonly Dictionary<Call, IReadOnlyList<Kernel>> _onTensorCores = [];
    private readonly Dictionary<Call, Kernel> _unpacking = [];

    /// <param name="calls">What programs call.</param>
    /// <param name="options">What kernels are emitted for; null for what users get.</param>
    public CallKernels(CallTable calls, KernelOptions? options = null)
    {
        KernelOptions aligned = (options ?? KernelOptions.Default) with { Aligned = calls.IsAligned };
        Calls = calls;
        var texts = new List<KernelText>();
        foreach (Call call in calls.Calls)
        {
            // Kernels read floats: what lies in memory in pairs is unpacked first, to the start of memory of its own.
            int inPairs = call.InputInPairs;
            Call computed = inPairs < 0 ? call : call.OfFloats;
            KernelOptions ofCall = inPairs < 0
                ? aligned
                : aligned with { Aligned = (_, operand) => operand == inPairs || calls.IsAligned(call, operand) };
            if (inPairs >= 0)
            {
                EmittedKernel unpacking = KernelWriter.Write(call.Unpacking, KernelOptions.Default).Single();
                _unpacking.Add(call, unpacking.Kernel);
                texts.Add(unpacking.Shared);
            }

            IReadOnlyList<EmittedKernel> emitted = KernelWriter.Write(computed, ofCall);
            _kernels.Add(call, [.. emitted.Select(e => e.Kernel)]);
            texts.AddRange(emitted.Select(e => e.Shared));
            IReadOnlyList<EmittedKernel> onTensorCores = KernelWriter.WriteOnTensorCores(computed, ofCall);
            _onTensorCores.Add(call, [.. onTensorCores.Select(e => e.Kernel)]);
            texts.AddRange(onTensorCores.Select(e => e.Shared));
        }

        Emitted = KernelsEmitter.Distinct(texts).ToEquatableArray();
        Kernel[] launched = [.. calls.Calls.SelectMany(call => Unpacking(call) is { } unpacking ? [unpacking, .. this[call]] : this[call])];
        All = Distinct(launched);
        AllOnTensorCores = Distinct(calls.Calls.SelectMany(OnTensorCores).Where(k => k.TakesAddresses));
        ScratchSize most = ScratchSize.Of(launched);
        Scratch = most == ScratchSize.None ? most : most with { Floats = most.Floats + ScratchSize.AlignedFloats };
    }

    public CallTable Calls { get; }

    /// <summary>Their text, for a file that the models of a project share.</summary>
    public EquatableArray<KernelText> Emitted { get; }

    /// <summary>Each once, in the order of the calls, as the first call launches it.</summary>
    public IReadOnlyList<Kernel> All { get; }

    /// <summary>Those that take the place of others on devices with tensor cores, each once.</summary>
    public IReadOnlyList<Kernel> AllOnTensorCores { get; }

    /// <summary>Scratch memory that is enough for every call wherever it begins.</summary>
    public ScratchSize Scratch { get; }

    /// <summary>How many of the calls are products and attention, and how many of those have kernels for tensor cores.</summary>
    public (int All, int OnTensorCores) Products
    {
        get
        {
            Call[] products = [.. Calls.Calls.Where(call => call.Operation is Product or Attention or AttentionGradient)];
            return (products.Length, products.Count(call => OnTensorCores(call).Count > 0));
        }
    }

    /// <summary>The kernels of a call, in the order in which they run.</summary>
    public IReadOnlyList<Kernel> this[Call call] => _kernels[call];

    /// <summary>The kernel that unpacks the operand of a call that lies in memory in pairs; null where none does.</summary>
    public Kernel? Unpacking(Call call) => _unpacking.TryGetValue(call, out Kernel? kernel) ? kernel : null;

    /// <summary>Floats of the largest operand that is unpacked.</summary>
    public long UnpackedFloats => _unpacking.Keys.Select(call => call.Inputs[call.InputInPairs].Shape.Count).DefaultIfEmpty(0).Max();

    /// <summary>The kernels of a call on devices with tensor cores, in the order in which they run; none where it has no others.</summary>
    public IReadOnlyList<Kernel> OnTensorCores(Call call) => _onTensorCores[call];

    private static Kernel[] Distinct(IEnumerable<Kernel> kernels) =>
        [.. kernels.GroupBy(kernel => kernel.Name, StringComparer.Ordinal).Select(group => group.First())];
}
