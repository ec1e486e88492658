using System.Text.RegularExpressions;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Counts instructions in the innermost loop of a kernel that multiplies most, and outside of it.</summary>
internal sealed partial class PtxCount
{
    private static readonly string[] Kinds = [Matrices, "fma", "mul", "add", "ld.shared", "st.shared", "ld.global", "st.global"];

    /// <summary>How the name of an instruction that multiplies matrices on tensor cores begins.</summary>
    private const string Matrices = "mma";

    private readonly string[] _lines;
    private readonly Dictionary<string, int> _labels = [];

    public PtxCount(string ptx)
    {
        string[] all = ptx.Split('\n');
        _lines = [.. all.Skip(Array.FindIndex(all, l => l.Contains(".entry", StringComparison.Ordinal))).Select(l => l.Trim())];
        for (int i = 0; i < _lines.Length; i++)
        {
            if (Label().Match(_lines[i]) is { Success: true } label)
                _labels[label.Groups[1].Value] = i;
        }

        var loops = Loops().ToArray();
        Inner = "no loop";
        Outside = "";
        if (loops.Length > 0)
        {
            var inner = loops.Where(l => !loops.Any(o => Contains(l, o)))
                .OrderByDescending(l => Count(l, Matrices)).ThenByDescending(l => Count(l, "fma") + Count(l, "mul"))
                .ThenByDescending(l => Count(l, "ld.global")).ThenBy(l => l.First)
                .First();
            Inner = Text(kind => Instructions(inner, kind));
            (int First, int Last) kernel = (0, _lines.Length - 1);
            Outside = Text(kind => kind.Contains('.', StringComparison.Ordinal)
                ? Instructions(kernel, kind).Where(i => i.Line < inner.First || i.Line > inner.Last)
                : []);
        }
    }

    /// <summary>What the innermost loop does.</summary>
    public string Inner { get; }

    /// <summary>Loads and stores of the rest of the kernel.</summary>
    public string Outside { get; }

    /// <summary>These counts, with those of another architecture where they differ.</summary>
    public (string Inner, string Outside) With(string architecture, PtxCount other)
    {
        return (Join(Inner, other.Inner), Join(Outside, other.Outside));

        string Join(string ours, string theirs) => ours == theirs ? ours : $"{ours} ({architecture}: {theirs})";
    }

    private static bool Contains((int First, int Last) outer, (int First, int Last) inner) =>
        outer != inner && outer.First <= inner.First && outer.Last >= inner.Last;

    /// <summary>Branches back to a label that has gone by.</summary>
    private IEnumerable<(int First, int Last)> Loops() => _lines
        .Select((line, i) => (Branch: Branch().Match(line), Line: i))
        .Where(b => b.Branch.Success && _labels.TryGetValue(b.Branch.Groups[1].Value, out int label) && label < b.Line)
        .Select(b => (First: _labels[b.Branch.Groups[1].Value], Last: b.Line))
        .GroupBy(l => l.First, (first, same) => (first, same.Max(l => l.Last)))
        .ToArray();

    private int Count((int First, int Last) loop, string kind) => Instructions(loop, kind).Count();

    private IEnumerable<(int Line, string Name)> Instructions((int First, int Last) loop, string kind)
    {
        for (int i = loop.First; i <= loop.Last; i++)
        {
            foreach (string name in Instruction().Matches(_lines[i]).Select(match => match.Groups[1].Value))
            {
                bool isMemory = kind.Contains('.', StringComparison.Ordinal);
                if (name.StartsWith(kind + ".", StringComparison.Ordinal) && (isMemory || name.EndsWith(".f32", StringComparison.Ordinal)))
                    yield return (i, isMemory ? Wide(kind, name) : kind == Matrices ? kind : name);
            }
        }

        static string Wide(string kind, string name) => name.Contains(".v4", StringComparison.Ordinal) ? kind + ".v4" : kind;
    }

    private static string Text(Func<string, IEnumerable<(int Line, string Name)>> instructions) => string.Join(
        ", ",
        Kinds.SelectMany(kind => instructions(kind).GroupBy(i => i.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
            .Select(g => $"{g.Count()} {g.Key}"));

    [GeneratedRegex(@"^(\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bbra(?:\.uni)?\s+(\w+);")]
    private static partial Regex Branch();

    [GeneratedRegex(@"(?:^|;\s*)(?:@!?%?\w+\s+)?([a-z][\w.]*)")]
    private static partial Regex Instruction();
}
