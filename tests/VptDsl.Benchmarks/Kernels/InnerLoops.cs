using System.Text.RegularExpressions;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Finds the loops of a listing that have no loop within: from a label to the last branch back to it.</summary>
internal static class InnerLoops
{
    /// <param name="lines">The listing.</param>
    /// <param name="label">Matches a label's line; its first group is the name.</param>
    /// <param name="branch">Matches a branch; its first group is the label.</param>
    public static IReadOnlyList<(int First, int Last)> Of(string[] lines, Regex label, Regex branch)
    {
        var labels = new Dictionary<string, int>();
        for (int i = 0; i < lines.Length; i++)
        {
            if (label.Match(lines[i]) is { Success: true } found)
                labels[found.Groups[1].Value] = i;
        }

        (int First, int Last)[] loops =
        [
            .. lines.Select((line, i) => (Branch: branch.Match(line), Line: i))
                .Where(b => b.Branch.Success && labels.TryGetValue(b.Branch.Groups[1].Value, out int target) && target < b.Line)
                .Select(b => (First: labels[b.Branch.Groups[1].Value], Last: b.Line))
                .GroupBy(l => l.First, (first, same) => (first, same.Max(l => l.Last))),
        ];
        return [.. loops.Where(outer => !loops.Any(l => l != outer && outer.First <= l.First && outer.Last >= l.Last))];
    }
}
