using System.Globalization;
using System.Text.RegularExpressions;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>What NVIDIA's assembler makes of a kernel, which needs no GPU.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="SpilledBytes">Bytes that a thread stores and loads because they found no register.</param>
internal sealed partial record Ptxas(int Registers, int SpilledBytes)
{
    /// <summary>What to do where the assembler is missing.</summary>
    public const string Missing = "ptxas is not on the path: .ci/install-ptxas puts it there.";

    /// <summary>Whether the assembler is on the path.</summary>
    public static bool IsInstalled { get; } = NvidiaTool.TryRun("ptxas", "--version") is not null;

    /// <param name="ptx">The kernel.</param>
    /// <param name="architecture">For instance sm_90.</param>
    /// <param name="code">The file that gets the code; none if left out.</param>
    public static Ptxas Assemble(string ptx, string architecture, string code = "/dev/null")
    {
        string source = Path.GetTempFileName();
        try
        {
            File.WriteAllText(source, ptx);
            string report = NvidiaTool.TryRun("ptxas", "-v", $"-arch={architecture}", "-o", code, source)
                ?? throw new InvalidOperationException(Missing);
            return new(Used().Matches(report).Max(Number), Spilled().Matches(report).Sum(Number));
        }
        finally
        {
            File.Delete(source);
        }
    }

    /// <summary>The registers of one kernel for two architectures, as docs/kernels-table.md has them.</summary>
    public static string RegistersOf(Ptxas sm80, Ptxas sm90) =>
        sm80.Registers == sm90.Registers ? $"{sm80.Registers}" : $"{sm80.Registers} (SM_90: {sm90.Registers})";

    private static int Number(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes spill")]
    private static partial Regex Spilled();
}
