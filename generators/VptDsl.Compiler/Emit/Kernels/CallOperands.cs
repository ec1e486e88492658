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

    private CallOperands(KernelOperand[] inputs, KernelOperand?[] outputs) => (_inputs, _outputs) = (inputs, outputs);

    /// <summary>All that are there, in the order of the emitted method's parameters.</summary>
    public IReadOnlyList<KernelOperand> All => [.. _inputs, .. _outputs.OfType<KernelOperand>()];

    public IReadOnlyList<KernelOperand> Inputs => _inputs;

    /// <summary>The results that are asked for.</summary>
    public IEnumerable<KernelOperand> Outputs => _outputs.OfType<KernelOperand>();

    public KernelOperand In(int index) => _inputs[index];

    /// <summary>An output that every call of its kind has.</summary>
    public KernelOperand Out(int index) =>
        _outputs[index] ?? throw new InvalidOperationException($"Output {index} is not asked for, but this kernel computes it.");

    /// <summary>The same, of which those that a function has a count for take their number of rows as a parameter.</summary>
    /// <param name="rowCount">The count of an operand, given its position among all that a call of this kind may have.</param>
    public CallOperands WithRowCounts(Func<int, KernelOperand, KernelSize?> rowCount) => new(
        [.. _inputs.Select((operand, i) => operand with { RowCount = rowCount(i, operand) })],
        [.. _outputs.Select((operand, i) => operand is null ? null : operand with { RowCount = rowCount(_inputs.Length + i, operand) })]);

    /// <summary>An output, or null where it is not asked for, or the operation has none there.</summary>
    public KernelOperand? Wanted(int index) => index < _outputs.Length ? _outputs[index] : null;
}
