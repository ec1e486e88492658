using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>The rows of a table of kernels, in which what several models have stands once.</summary>
/// <param name="describe">
/// What became of a kernel's code beside its registers, in cells of the table, by its PTX for SM_80 and for SM_90.
/// </param>
internal sealed class KernelRows(Func<string, string, string> describe) : IDisposable
{
    private readonly Dictionary<string, KernelRow> _rows = [];
    private readonly Dictionary<string, string> _codes = [];
    private readonly PtxCompiler _sm80 = new(CudaArchitecture.SM_80), _sm90 = new(CudaArchitecture.SM_90);

    /// <summary>The class with a model's kernels.</summary>
    public static Type KernelsOf(ModelSpec spec) =>
        Assembly.LoadFrom(ModelAssembly.Compile(spec)).GetType(KernelsEmitter.TypeName, throwOnError: true)!;

    /// <summary>Adds a model's row.</summary>
    public void Add(string model, KernelRow row)
    {
        _rows.TryAdd(row.Key, row);
        _rows[row.Key].Models.Add(model);
    }

    /// <summary>What becomes of a kernel's code: its registers, and what else the table says.</summary>
    /// <param name="kernels">The class that has it.</param>
    /// <param name="kernel">Its method; kernels of one name are the same.</param>
    public string CodeOf(Type kernels, string kernel)
    {
        if (_codes.TryGetValue(kernel, out string? known))
            return known;
        MethodInfo method = kernels.GetMethod(kernel)!;
        string older = _sm80.Compile(method), newer = _sm90.Compile(method);
        string registers = Ptxas.RegistersOf(Ptxas.Assemble(older, "sm_80"), Ptxas.Assemble(newer, "sm_90"));
        return _codes[kernel] = $"{registers} | {describe(older, newer)}";
    }

    /// <summary>The lines of the table, the kernel first that takes the older device longest.</summary>
    /// <param name="older">Operations and bytes that the older device manages in a second.</param>
    /// <param name="newer">Those of the newer.</param>
    /// <param name="kind">A cell behind the kernels' names; none if left out.</param>
    public string Lines((double Flops, double Bytes) older, (double Flops, double Bytes) newer, string? kind = null) => string.Concat(
        _rows.Values.OrderByDescending(row => row.Seconds(older)).ThenBy(row => row.Kernel.Name, StringComparer.Ordinal).Select(row =>
            $"| {KernelWriter.PlainName(row.Kernel.Name)} | {(kind is null ? "" : kind + " | ")}{string.Join(", ", row.Models)} | "
                + $"{row.Result} | {row.Work} | {row.Threads} | {row.Shared} | {row.Code} | "
                + $"{KernelRow.Number(row.Seconds(older) * 1e6)} | {KernelRow.Number(row.Seconds(newer) * 1e6)} |\n"));

    /// <inheritdoc/>
    public void Dispose()
    {
        _sm80.Dispose();
        _sm90.Dispose();
    }
}
