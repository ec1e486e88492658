using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Kernels.Tests.Models;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// NVIDIA's assembler takes the products and attentions of ViT-B/16 on tensor cores, in every precision, without spilling a register. It
/// needs no GPU; where it is missing the tests are skipped.
/// </summary>
public sealed class TensorCorePtxasTests
{
    /// <summary>Registers of a multiprocessor, and groups that are to have room in it.</summary>
    private const int Registers = 65536, Resident = 2;

    public static TheoryData<string, string> Targets
    {
        get
        {
            var targets = new TheoryData<string, string>();
            foreach (string precision in Enum.GetNames<Precision>())
            {
                targets.Add(precision, "sm_80");
                targets.Add(precision, "sm_90");
            }

            return targets;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Targets))]
    public void No_kernel_on_tensor_cores_spills_and_two_groups_are_resident(string precision, string architecture)
    {
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);
        (Kernel Kernel, string Ptx)[] kernels = Compile(Enum.Parse<Precision>(precision), architecture);

        Assert.NotEmpty(kernels);
        Assert.All(kernels.AsParallel().Select(k => (k.Kernel, Machine: Ptxas.Assemble(k.Ptx, architecture))).ToArray(), k =>
        {
            Assert.Equal(0, k.Machine.SpilledBytes);
            Assert.True(k.Machine.Registers * k.Kernel.Groups!.Threads * Resident <= Registers, $"{k.Kernel.Name}: {k.Machine}");
        });
    }

    [SkippableTheory]
    [InlineData("Float32")]
    [InlineData("TensorFloat32")]
    [InlineData("BFloat16")]
    public void The_table_has_the_registers_of_every_kernel(string precision)
    {
        const int Name = 1, MultipliedBy = 2, Registers = 10;
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);
        var multiplied = Enum.Parse<Precision>(precision);

        Assert.Equal(
            Compile(multiplied, "sm_80").Zip(Compile(multiplied, "sm_90")).AsParallel().Select(kernel => KernelWriter.PlainName(
                kernel.First.Kernel.Name) + ": "
                + Ptxas.RegistersOf(Ptxas.Assemble(kernel.First.Ptx, "sm_80"), Ptxas.Assemble(kernel.Second.Ptx, "sm_90"))).ToHashSet(),
            KernelTableTests.Rows(onTensorCores: true).Where(cells => cells[MultipliedBy] == precision)
                .Select(cells => $"{cells[Name]}: {cells[Registers]}").ToHashSet());
    }

    /// <remarks>
    /// Two steps of 8, or one of 16 in bfloat16, for each of a warp's blocks; three products where floats are split.
    /// </remarks>
    [Theory]
    [InlineData("Float32", 3 * 2)]
    [InlineData("TensorFloat32", 2)]
    [InlineData("BFloat16", 1)]
    public void A_step_multiplies_each_block_on_tensor_cores(string precision, int times)
    {
        foreach ((Kernel kernel, string ptx) in Compile(Enum.Parse<Precision>(precision), "sm_80"))
        {
            TensorTile? tile = TensorTile.Candidates.SingleOrDefault(
                t => kernel.Summary.Contains($"{t.Rows} × {t.Columns} for", StringComparison.Ordinal));

            // Of attention, scores and results over 32 lines of a head of 64 columns; of its gradients, slopes and what they add up to,
            // over 16 lines where floats are split.
            int products = kernel.Summary.Contains("'s gradient", StringComparison.Ordinal) ? 3
                : kernel.Summary.Contains("the gradients of", StringComparison.Ordinal) ? 4
                : 2;
            int lines = precision == "Float32" && products > 2 ? 16 : 32;
            int blocks = tile is null ? products * (lines / 8) * (64 / 8) / 2 : tile.RowBlocks * tile.ColumnBlocks;
            Assert.StartsWith($"{times * blocks} mma, ", new PtxCount(ptx).Inner + ", ", StringComparison.Ordinal);
        }
    }

    private static (Kernel Kernel, string Ptx)[] Compile(Precision precision, string architecture)
    {
        var options = KernelOptions.Default with { TensorCores = new(precision) };
        CallKernels[] models =
        [
            .. VitB16.Specs.Select(spec => new CallKernels(
                new CallTable(ModelCompiler.Analyze(spec).Programs.SelectMany(p => p.Prepare.Concat(p.Steps))), options)),
        ];
        Kernel[] kernels = [.. models.SelectMany(m => m.AllOnTensorCores).DistinctBy(k => k.Name)];
        string[] names = [.. kernels.Select(k => k.Name)];
        IEnumerable<KernelText> texts = KernelsEmitter.Distinct(models.SelectMany(m => m.Emitted)).Where(k => names.Contains(k.Name));
        Type emitted = EmittedAssembly.Compile(KernelsEmitter.Emit(texts).Text).GetType(KernelsEmitter.TypeName, throwOnError: true)!;
        using var compiler = new PtxCompiler(architecture == "sm_80" ? CudaArchitecture.SM_80 : CudaArchitecture.SM_90);
        return [.. kernels.Select(kernel => (kernel, compiler.Compile(emitted.GetMethod(kernel.Name)!)))];
    }
}
