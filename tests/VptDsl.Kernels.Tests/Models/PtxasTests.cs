using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>
/// NVIDIA's assembler keeps every value of every kernel of ViT-B/16 in a register, in as many as docs/kernels-table.md says: PTX has as
/// many as it likes, so that only the assembler shows what spills. It needs no GPU; where it is missing the tests are skipped.
/// </summary>
public sealed class PtxasTests
{
    private const int Name = 1, Registers = 9;

    private static readonly Lazy<(string Name, Ptxas Sm80, Ptxas Sm90)[]> Assembled = new(() =>
    [
        .. VitB16.Ptx("sm_80").Zip(VitB16.Ptx("sm_90")).AsParallel().AsOrdered().Select(kernel => (
            kernel.First.Name, Ptxas.Assemble(kernel.First.Ptx, "sm_80"), Ptxas.Assemble(kernel.Second.Ptx, "sm_90"))),
    ]);

    [SkippableFact]
    public void No_kernel_of_vit_b16_spills()
    {
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);

        Assert.NotEmpty(Assembled.Value);
        Assert.DoesNotContain(Assembled.Value, kernel => kernel.Sm80.SpilledBytes > 0 || kernel.Sm90.SpilledBytes > 0);
    }

    [SkippableFact]
    public void The_table_has_the_registers_of_every_kernel()
    {
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);

        Assert.Subset(
            KernelTableTests.Rows().Select(cells => $"{cells[Name]}: {cells[Registers]}").ToHashSet(),
            Assembled.Value.Select(kernel => $"{KernelWriter.PlainName(kernel.Name)}: {Ptxas.RegistersOf(kernel.Sm80, kernel.Sm90)}")
                .ToHashSet());
    }

    /// <remarks>On the device that tiles are chosen for, which is SM_80.</remarks>
    [SkippableFact]
    public void Attention_has_as_many_resident_groups_as_its_model_counts_and_at_most_half_as_many_registers_again()
    {
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);
        ILookup<string, Kernel> attention = VitB16.Specs
            .SelectMany(spec =>
                new CallKernels(new CallTable(ModelCompiler.Analyze(spec).Programs.SelectMany(p => p.Prepare.Concat(p.Steps)))).All)
            .Where(kernel =>
                kernel.Name.StartsWith("Attention", StringComparison.Ordinal) && kernel is { Groups: not null, Registers: not null })
            .ToLookup(kernel => kernel.Name);

        Assert.NotEmpty(attention);
        foreach ((string name, Ptxas sm80, Ptxas sm90) in Assembled.Value)
        {
            foreach (Kernel kernel in attention[name])
            {
                int counted = kernel.Registers!.Value, threads = kernel.Groups!.ThreadsX * kernel.Groups.ThreadsY,
                    shared = kernel.Groups.SharedFloats;
                Assert.True(
                    Math.Max(sm80.Registers, sm90.Registers) <= 1.5 * counted, $"{name}: {sm80}, {sm90}, and {counted} are counted.");
                Assert.Equal(
                    (name, ReferenceGpu.ResidentGroups(threads, counted, shared)),
                    (name, ReferenceGpu.ResidentGroups(threads, sm80.Registers, shared)));
            }
        }
    }
}
