using System.Text.RegularExpressions;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Counts instructions in the innermost loop of a kernel that multiplies most, and outside of it.</summary>
internal sealed partial class PtxCount
{
    private static readonly string[] Kinds = [Matrices, "fma", "mul", "add", "ld.shared", "st.shared", "ld.global", "st.global"];

    /// <summary>How the name of an instruction that multiplies matrices on tensor cores begins.</summary>
    private const string Matrices = "mma";

    private readonly string[] _lines;

    public PtxCount(string ptx)
    {
        string[] all = ptx.Split('\n');
        _lines = [.. all.Skip(Array.FindIndex(all, l => l.Contains(".entry", StringComparison.Ordinal))).Select(l => l.Trim())];
        IReadOnlyList<(int First, int Last)> loops = InnerLoops.Of(_lines, Label(), Branch());
        Inner = "no loop";
        Outside = "";
        if (loops.Count > 0)
        {
            (int First, int Last) inner = loops
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
