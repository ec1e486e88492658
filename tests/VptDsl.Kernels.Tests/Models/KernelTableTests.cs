using System.Runtime.CompilerServices;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>
/// Protects docs/kernels-table.md from kernels that were renamed, came or went, or are cut up otherwise since it was written.
/// </summary>
public sealed class KernelTableTests
{
    private const int Name = 1, Threads = 7, Shared = 8;

    /// <summary>The table on tensor cores has a column more.</summary>
    private const int MultipliedBy = 2, ThreadsOnTensorCores = 8, SharedOnTensorCores = 9;

    [Fact]
    public void The_table_has_the_kernels_of_vit_b16_with_their_threads_and_shared_memory()
    {
        string[] emitted = [.. VitB16.Specs.SelectMany(spec =>
        {
            var calls = new CallTable(ModelCompiler.Analyze(spec).Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
            return new CallKernels(calls).All.Select(Describe);
        })];

        Assert.Equal(emitted.Distinct().Order(StringComparer.Ordinal), Table().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_second_table_has_the_kernels_on_tensor_cores_of_every_precision()
    {
        string[] emitted = [.. Enum.GetValues<Precision>().SelectMany(precision => VitB16.Specs.SelectMany(spec =>
        {
            ModelSpec declared = spec with { Precision = precision };
            var calls = new CallTable(ModelCompiler.Analyze(declared).Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
            var kernels = new CallKernels(calls, KernelOptions.Default.For(declared));
            return kernels.AllOnTensorCores.Select(kernel => $"{precision}, {Describe(kernel)}");
        }))];

        Assert.Equal(
            emitted.Distinct().Order(StringComparer.Ordinal),
            Rows(onTensorCores: true)
                .Select(cells => $"{cells[MultipliedBy]}, {cells[Name]}, {cells[ThreadsOnTensorCores]}, {cells[SharedOnTensorCores]}")
                .Distinct().Order(StringComparer.Ordinal));
    }

    private static string Describe(Kernel kernel) => kernel.Groups is { } groups
        ? $"{KernelWriter.PlainName(kernel.Name)}, {groups.ThreadsX} × {groups.ThreadsY}, {groups.SharedFloats * sizeof(float)}"
        : $"{KernelWriter.PlainName(kernel.Name)}, each, ";

    /// <summary>The rows of one of the tables, cell by cell; the first cell is empty.</summary>
    public static IEnumerable<string[]> Rows(bool onTensorCores = false, [CallerFilePath] string file = "") => File
        .ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "kernels-table.md"))
        .Split("## On tensor cores")[onTensorCores ? 1 : 0].Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Skip(1)
        .Select(line => Array.ConvertAll(line.Split('|'), cell => cell.Trim()));

    /// <remarks>The optimisers' kernels, the same for every model, are emitted without a description of their own.</remarks>
    private static IEnumerable<string> Table() => Rows()
        .Where(cells => !cells[Name].StartsWith("Update", StringComparison.Ordinal))
        .Select(cells => $"{cells[Name]}, {cells[Threads]}, {cells[Shared]}");
}
