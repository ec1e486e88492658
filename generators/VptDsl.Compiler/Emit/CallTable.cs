using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>The distinct calls of a model's programs, each with the name of its method.</summary>
internal sealed class CallTable
{
    private const int AlignedFloats = 4;

    private readonly Dictionary<Call, string> _names = [];
    private readonly HashSet<string> _taken = [];
    private readonly List<Call> _calls = [];
    private readonly HashSet<(Call Call, int Operand)> _unaligned = [];

    public CallTable(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
        {
            NoteAlignment(step);
            if (_names.ContainsKey(step.Call))
                continue;
            string name = CallText.Name(step.Call);
            string unique = name;
            for (int i = 2; !_taken.Add(unique); i++)
                unique = $"{name}Variant{i}";
            _names.Add(step.Call, unique);
            _calls.Add(step.Call);
        }
    }

    /// <summary>In the order of first use.</summary>
    public IReadOnlyList<Call> Calls => _calls;

    public string this[Call call] => _names[call];

    /// <summary>
    /// Whether an operand of a call begins at a multiple of 16 bytes in every step that makes the call, whatever the batch.
    /// </summary>
    public bool IsAligned(Call call, int operand) => !_unaligned.Contains((call, operand));

    /// <summary>The parameters of a call's method: one slot for each operand.</summary>
    public static string Parameters(Call call) =>
        string.Join(", ", call.Operands.Select(o => $"Slot {o.Name}"));

    private void NoteAlignment(Step step)
    {
        int operands = step.Call.Operands.Count();
        for (int i = 0; i < operands; i++)
        {
            if (i >= step.Operands.Count || step.Operands[i].Address is not { } address || address.Fixed % AlignedFloats != 0
                || address.PerImage % AlignedFloats != 0)
            {
                _unaligned.Add((step.Call, i));
            }
        }
    }
}
