using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The operands of a call by their position, as its operation defines them.</summary>
internal sealed class CallOperands
{
    private readonly KernelOperand[] _inputs;
    private readonly KernelOperand?[] _outputs;

    /// <param name="call">What is computed.</param>
    /// <param name="aligned">Says which of the call's operands begin at multiples of 16 bytes; left out where nobody asks.</param>
    public CallOperands(Call call, Func<Call, int, bool>? aligned = null)
    {
        int place = 0;
        _inputs = [.. call.Inputs.Select((layout, i) => Next(call.Operation.InputNames[i], layout))];
        _outputs =
        [
            .. call.Outputs.Select((output, i) => output.Layout is null ? null : Next(call.Operation.OutputNames[i], output.Layout)),
        ];

        KernelOperand Next(string name, Layout layout) => new(name, layout) { IsAligned = aligned is not null && aligned(call, place++) };
    }

    /// <summary>All that are there, in the order of the emitted method's parameters.</summary>
    public IReadOnlyList<KernelOperand> All => [.. _inputs, .. _outputs.OfType<KernelOperand>()];

    public IReadOnlyList<KernelOperand> Inputs => _inputs;

    public KernelOperand In(int index) => _inputs[index];

    /// <summary>An output that every call of its kind has.</summary>
    public KernelOperand Out(int index) =>
        _outputs[index] ?? throw new InvalidOperationException($"Output {index} is not asked for, but this kernel computes it.");

    /// <summary>An output, or null where it is not asked for, or the operation has none there.</summary>
    public KernelOperand? Wanted(int index) => index < _outputs.Length ? _outputs[index] : null;
}
