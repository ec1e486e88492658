using System.Text.RegularExpressions;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>
/// The instructions that a GPU runs in the loop of a kernel that multiplies most on tensor cores, as NVIDIA's disassembler lists them. It
/// needs no GPU.
/// </summary>
/// <param name="Tensor">Those that multiply matrices.</param>
/// <param name="All">All of them.</param>
internal sealed partial record Sass(int Tensor, int All)
{
    private const string Missing = "nvdisasm is not on the path: .ci/install-ptxas puts it there.";

    private const string Multiply = "HMMA";

    /// <summary>Null where what multiplies runs once and is in no loop.</summary>
    /// <param name="ptx">The kernel.</param>
    /// <param name="architecture">For instance sm_90.</param>
    public static Sass? Of(string ptx, string architecture)
    {
        string code = Path.GetTempFileName();
        try
        {
            Ptxas.Assemble(ptx, architecture, code);
            return Count(NvidiaTool.TryRun("nvdisasm", "-c", code) ?? throw new InvalidOperationException(Missing));
        }
        finally
        {
            File.Delete(code);
        }
    }

    /// <summary>What two architectures make of a kernel, as docs/kernels-table.md has it.</summary>
    public static string TextOf(Sass? sm80, Sass? sm90)
    {
        string older = sm80?.ToString() ?? "no loop", newer = sm90?.ToString() ?? "no loop";
        return older == newer ? older : $"{older} (SM_90: {newer})";
    }

    public override string ToString() => FormattableString.Invariant($"{Tensor} of {All} ({100.0 * Tensor / All:F0} %)");

    private static Sass? Count(string listing)
    {
        string[] lines = listing.Split('\n');
        return InnerLoops.Of(lines, Label(), Branch()).Select(loop => Count(lines[loop.First..(loop.Last + 1)]))
            .Where(loop => loop.Tensor > 0)
            .MaxBy(loop => loop.Tensor);
    }

    private static Sass Count(string[] lines)
    {
        string[] names =
        [
            .. lines.Select(line => Instruction().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)
                .Where(name => name != "NOP"),
        ];
        return new(names.Count(name => name == Multiply), names.Length);
    }

    [GeneratedRegex(@"^(\.L_\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bBRA\b[^`]*`\((\.L_\w+)\)")]
    private static partial Regex Branch();

    [GeneratedRegex(@"^\s*(?:\{\s*)?/\*[0-9a-f]+\*/\s+(?:@!?U?P\w+\s+)?([A-Z0-9]+)")]
    private static partial Regex Instruction();
}
