using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>The distinct calls of a model's programs, each with the name of its method.</summary>
internal sealed class CallTable
{
    private readonly Dictionary<Call, string> _names = [];
    private readonly HashSet<string> _taken = [];
    private readonly List<Call> _calls = [];

    public CallTable(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
        {
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

    /// <summary>The parameters of a call's method: one slot for each operand.</summary>
    public static string Parameters(Call call) =>
        string.Join(", ", call.Operands.Select(o => $"Slot {o.Name}"));
}
