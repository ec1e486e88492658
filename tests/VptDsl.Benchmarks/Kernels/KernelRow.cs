using System.Globalization;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>A kernel in a table: what it computes and moves for a call.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Result">The shapes of its results.</param>
/// <param name="Gflop">What it computes, in 10⁹ operations.</param>
/// <param name="Bytes">What it moves.</param>
/// <param name="Code">What became of its code: cells of the table.</param>
internal sealed record KernelRow(Kernel Kernel, string Result, double Gflop, double Bytes, string Code)
{
    public const int Batch = 64;

    public SortedSet<string> Models { get; } = new(StringComparer.Ordinal);

    public string Key => $"{Kernel.Name}: {Result} {Code}";

    public string Threads => Kernel.Groups is { } groups ? $"{groups.ThreadsX} × {groups.ThreadsY}" : "each";

    public string Shared =>
        Kernel.Groups is { } groups ? (groups.SharedFloats * sizeof(float)).ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>Cells: what it computes, what it moves, and their quotient.</summary>
    public string Work => Gflop == 0
        ? $" | {Number(Bytes / 1e6)} | "
        : $"{Number(Gflop)} | {Number(Bytes / 1e6)} | {Number(Gflop * 1e9 / Bytes)}";

    /// <summary>How long a device takes at least.</summary>
    /// <param name="device">Operations and bytes that it manages in a second.</param>
    public double Seconds((double Flops, double Bytes) device) => Math.Max(Gflop * 1e9 / device.Flops, Bytes / device.Bytes);

    /// <remarks>
    /// What a kernel of a family computes is what the call would with the kernel's outputs alone; slices are added up by the next
    /// kernel.
    /// </remarks>
    public static KernelRow Of(Call call, IReadOnlyList<Kernel> family, int index, string code)
    {
        Kernel kernel = family[index];
        bool addsSlices = index > 0 && MakesSlices(call, family[index - 1]);
        Kernel finishing = MakesSlices(call, kernel) ? family[index + 1] : kernel;
        var outputs = call.Outputs
            .Select((o, i) => finishing.Operands.Any(k => k.Slot == call.Operation.OutputNames[i]) ? o.Layout?.Shape : null).ToArray();
        double work = addsSlices ? 0 : call.Operation.FloatingPointOperations([.. call.Inputs.Select(i => i.Shape)], outputs);
        work *= call.Operands.Any(o => o.Layout.Batched) ? Batch : 1;
        double scratch = kernel.Scratch is { } size ? size.Floats + ((double)size.PerImage * Batch) : 0;
        double floats = scratch + kernel.Operands.Sum(o => (double)o.Layout.Shape.Count * (o.Batched ? Batch : 1));
        string result = string.Join(", ", outputs.Where(s => s is not null).Select(s => s!.ToString()));
        return new(kernel, result, work / 1e9, floats * sizeof(float), code);
    }

    /// <remarks>
    /// Models with as many trained parameters share the row; an update's few operations for each are not counted, for memory decides.
    /// </remarks>
    public static KernelRow OfOptimizer(string name, long trained, int operands, string code)
    {
        var kernel = new Kernel(name, $"{trained} trained parameters.", [], new ThreadCount(PerImage: false, trained), _ => { });
        return new(kernel, $"[{trained}]", 0, (double)trained * operands * sizeof(float), code);
    }

    /// <summary>Three digits.</summary>
    public static string Number(double value) =>
        value >= 100
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : value.ToString(value >= 10 ? "F1" : value >= 1 ? "F2" : "G2", CultureInfo.InvariantCulture);

    /// <summary>Whether the next kernel adds up what it computes: by its name, or on tensor cores since it has no result.</summary>
    private static bool MakesSlices(Call call, Kernel kernel) => kernel.TakesAddresses
        ? !kernel.Operands.Any(k => call.Operation.OutputNames.Contains(k.Slot))
        : KernelWriter.PlainName(kernel.Name).EndsWith("Slices", StringComparison.Ordinal);
}
