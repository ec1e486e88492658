using System.Globalization;
using System.Text.RegularExpressions;

namespace VptDsl.Testing.Ptx;

/// <summary>A kernel of PTX, read from a module with one entry.</summary>
/// <remarks>It knows the instructions that the compiler emits and ILGPU puts around them; any other is an error.</remarks>
public sealed partial class PtxProgram
{
    private const int SharedBase = 1024;

    private readonly List<PtxInstruction> _instructions = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<string> _parameters = [];
    private readonly Dictionary<string, ulong> _shared = [];
    private readonly Stack<Dictionary<string, int>> _scopes = new();
    private readonly List<(PtxInstruction Branch, string Label)> _branches = [];
    private int _sharedEnd = SharedBase;

    private PtxProgram(string text)
    {
        text = Comments().Replace(text, "");
        int entry = text.IndexOf(".entry", StringComparison.Ordinal);
        int open = text.IndexOf('(', entry), close = text.IndexOf(')', open);
        foreach (Match parameter in Parameter().Matches(text[open..close]))
            _parameters.Add(parameter.Groups[1].Value);
        Read(text, text.IndexOf('{', close));
        foreach ((PtxInstruction branch, string label) in _branches)
        {
            branch.Target = _labels.TryGetValue(label, out int target)
                ? target
                : throw new PtxFaultException($"There is no label {label}.");
        }
    }

    /// <summary>Registers of a thread.</summary>
    public int Registers { get; private set; }

    /// <summary>Bytes of shared memory of a group.</summary>
    public int SharedBytes => _sharedEnd - SharedBase;

    internal IReadOnlyList<PtxInstruction> Instructions => _instructions;

    internal int Parameters => _parameters.Count;

    /// <summary>The address at which shared memory begins: none that an offset could be taken for.</summary>
    internal static int SharedAddress => SharedBase;

    /// <param name="text">A module as ILGPU compiles it.</param>
    /// <exception cref="PtxFaultException">It has an instruction that is not known.</exception>
    public static PtxProgram Parse(string text) => new(text);

    private void Read(string text, int at)
    {
        while (at < text.Length)
        {
            char sign = text[at];
            if (char.IsWhiteSpace(sign))
            {
                at++;
            }
            else if (sign == '{')
            {
                _scopes.Push([]);
                at++;
            }
            else if (sign == '}')
            {
                _scopes.Pop();
                at++;
                if (_scopes.Count == 0)
                    return;
            }
            else if (Label().Match(text, at) is { Success: true } label)
            {
                if (!_labels.TryAdd(label.Groups[1].Value, _instructions.Count))
                    throw new PtxFaultException($"There are two labels {label.Groups[1].Value}.");
                at += label.Length;
            }
            else
            {
                int end = text.IndexOf(';', at);
                ReadStatement(text[at..end].Trim());
                at = end + 1;
            }
        }
    }

    private void ReadStatement(string text)
    {
        if (text.StartsWith(".reg", StringComparison.Ordinal))
            Declare(text[(text.IndexOf('.', 4) + 1)..]);
        else if (Shared().Match(text) is { Success: true } shared)
            DeclareShared(shared);
        else
            ReadInstruction(text);
    }

    private void Declare(string registers)
    {
        foreach (string declared in registers[registers.IndexOfAny([' ', '\t'])..].Split(','))
        {
            string name = declared.Trim();
            int several = name.IndexOf('<', StringComparison.Ordinal);
            if (several < 0)
            {
                Add(name);
                continue;
            }

            for (int i = 0; i < Integer(name[(several + 1)..^1]); i++)
                Add(name[..several] + i.ToString(CultureInfo.InvariantCulture));
        }

        void Add(string name)
        {
            if (!_scopes.Peek().TryAdd(name, Registers++))
                throw new PtxFaultException($"The register {name} is declared twice.");
        }
    }

    private void DeclareShared(Match shared)
    {
        int alignment = Integer(shared.Groups[1].Value);
        _sharedEnd = (_sharedEnd + alignment - 1) / alignment * alignment;
        _shared.Add(shared.Groups[2].Value, (ulong)_sharedEnd);
        _sharedEnd += Integer(shared.Groups[3].Value);
    }

    private void ReadInstruction(string text)
    {
        Match match = Instruction().Match(text);
        if (!match.Success)
            throw new PtxFaultException($"'{text}' is no instruction.");
        string condition = match.Groups[2].Value, name = match.Groups[3].Value, rest = match.Groups[4].Value;
        int predicate = condition.Length == 0 ? -1 : RegisterOf(condition);
        bool isNegated = match.Groups[1].Value == "!";
        PtxOperation operation = OperationOf(name);
        string[] operands = operation == PtxOperation.Branch ? [] : [.. Operands().Matches(rest).Select(m => m.Value.Trim())];
        var instruction = new PtxInstruction(text, name, predicate, isNegated, [.. operands.Select(o => OperandOf(name, o))])
        {
            Operation = operation,
            Compute = operation == PtxOperation.Arithmetic ? PtxArithmetic.Of(name) : null,
        };
        if (operation == PtxOperation.Branch)
            _branches.Add((instruction, rest.Trim()));
        _instructions.Add(instruction);
    }

    private static PtxOperation OperationOf(string name) => name.Split('.') switch
    {
        ["ld", "param", ..] => PtxOperation.LoadParameter,
        ["ld", "global" or "shared", ..] => PtxOperation.Load,
        ["st", "global" or "shared", ..] => PtxOperation.Store,
        ["cp", "async", "ca" or "cg", "shared", "global"] => PtxOperation.Copy,
        ["cp", "async", "commit_group"] => PtxOperation.CommitCopies,
        ["cp", "async", "wait_group"] => PtxOperation.WaitForCopies,
        ["ldmatrix", "sync", "aligned", "m8n8", "x4", "shared", "b16"] => PtxOperation.LoadMatrices,
        ["mma", ..] when PtxMatrices.IsKnown(name) => PtxOperation.MultiplyMatrices,
        ["shfl", "sync", "bfly", "b32"] => PtxOperation.Shuffle,
        ["bar", "sync"] => PtxOperation.Barrier,
        ["bra"] or ["bra", "uni"] => PtxOperation.Branch,
        ["ret"] => PtxOperation.Return,
        _ => PtxOperation.Arithmetic,
    };

    private PtxOperand OperandOf(string instruction, string text)
    {
        if (text[0] == '{')
            return new([.. text[1..^1].Split(',').Select(name => RegisterOf(name.Trim()))], 0, null);
        if (text[0] == '[')
        {
            string inside = text[1..^1];
            if (_parameters.IndexOf(inside) is >= 0 and var parameter)
                return new([], (ulong)parameter, null);
            int plus = inside.IndexOf('+', StringComparison.Ordinal);
            return new([RegisterOf(plus < 0 ? inside : inside[..plus])], plus < 0 ? 0 : Number(inside[(plus + 1)..]), null);
        }

        if (text is "%tid.x" or "%ctaid.x" or "%ctaid.y" or "%ctaid.z")
            return new([], 0, text);
        if (_shared.TryGetValue(text, out ulong address) && instruction.StartsWith("mov.", StringComparison.Ordinal))
            return new([], address, null);
        return char.IsAsciiDigit(text[0]) || text[0] == '-' ? new([], Number(text), null) : new([RegisterOf(text)], 0, null);
    }

    private int RegisterOf(string name)
    {
        foreach (Dictionary<string, int> scope in _scopes)
        {
            if (scope.TryGetValue(name, out int register))
                return register;
        }

        throw new PtxFaultException($"There is no register {name}.");
    }

    private static ulong Number(string text) =>
        text.StartsWith("0f", StringComparison.Ordinal) || text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : unchecked((ulong)long.Parse(text, CultureInfo.InvariantCulture));

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\.param\s+\.\w+\s+(\w+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\G([A-Za-z_]\w*):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\.shared\s+\.align\s+(\d+)\s+\.b8\s+(\w+)\[(\d+)\]$")]
    private static partial Regex Shared();

    [GeneratedRegex(@"^(?:@(!?)([%\w]+)\s+)?([a-z][\w.]*)\s*(.*)$", RegexOptions.Singleline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|[^,{}\[\]]+?(?=,|$)")]
    private static partial Regex Operands();
}
