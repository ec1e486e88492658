using VptDsl.Benchmarks.Models;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>
/// Writes a table of every kernel of ViT-B/16: what it computes and moves, and how long data sheets say that takes at least.
/// </summary>
internal static class KernelTable
{
    public const int Classes = 102;

    /// <summary>Bytes a second of their memories.</summary>
    public const double A100Bytes = 1555e9, H100Bytes = 3350e9;

    /// <summary>The models by their names and by what <see cref="ModelName"/> calls their prompts.</summary>
    public static readonly (string Name, string Prompts)[] Models =
    [
        ("deep", "deep:50"),
        ("shallow", "shallow:50"),
        ("full", "full"),
        ("linear", "linear"),
    ];

    public static void Run(string path)
    {
        using var rows = new KernelRows((older, newer) =>
        {
            (string inner, string outside) = new PtxCount(older).With("SM_90", new(newer));
            return $"{inner} | {outside}";
        });
        foreach ((string model, string prompts) in Models)
        {
            ModelSpec spec = ModelName.Parse("vit-b16", prompts, Classes);
            CompiledModel compiled = ModelCompiler.Analyze(spec);
            var calls = new CallTable(compiled.Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
            var callKernels = new CallKernels(calls);
            Type kernels = KernelRows.KernelsOf(spec);
            foreach (Call call in calls.Calls)
            {
                IReadOnlyList<Kernel> family = callKernels[call];
                for (int i = 0; i < family.Count; i++)
                    rows.Add(model, KernelRow.Of(call, family, i, rows.CodeOf(kernels, family[i].Name)));
            }

            AddOptimizer("UpdateSgd", operands: 3);
            AddOptimizer("UpdateAdamW", operands: 4);

            void AddOptimizer(string kernel, int operands) => rows.Add(
                model, KernelRow.OfOptimizer(kernel, compiled.Parameters.TrainedFloats, operands, rows.CodeOf(kernels, kernel)));
        }

        File.WriteAllText(path, $"{Text(rows)}\n{TensorKernelTable.Text()}");
    }

    private static string Text(KernelRows rows)
    {
        int images = KernelRow.Batch;
        string head = $"""
            # The kernels of ViT-B/16

            Written by

            ```
            dotnet run -c Release --project tests/VptDsl.Benchmarks -- kernels-table docs/kernels-table.md
            ```

            Every distinct kernel of the steps, of inference and of the optimisers, for each size in which it is launched, with deep and
            shallow prompts (50 tokens), everything trained, and a linear head, with {Classes} classes and {images} images, the longest
            first. **All of it is computed or counted, nothing is measured.**

            - *GFLOP* counts the multiplications and additions of products and attention's products, a multiply-add as two.
            - *MB* is each operand once, and what goes through scratch memory: what a perfect cache would move.
            - *FLOP/B* is their quotient.
            - *Threads* are those of a group; "each" where a thread works alone. *Shared* is the group's shared memory in bytes.
            - *Registers* are those of a thread, as NVIDIA's assembler gives them out for SM_80, and for SM_90 where it differs. No kernel
              spills.
            - *Inner loop* counts instructions in the PTX for SM_80, and for SM_90 where it differs, of the innermost loop (the one with
              most multiply-adds: all that lies between its label and the branch back to it, which in some kernels of rows is also what
              follows the loop), and *outside* the loads and stores of the rest of the kernel, epilogue included. `.v4` moves 16 bytes.
              ILGPU writes a multiply-add as `mul` and `add`, which the assembler fuses.
            - *A100* and *H100* are microseconds by the roofline: the longer of GFLOP at the device's float32 peak and MB at its memory's
              bandwidth, from the data sheets (A100 40 GB: 19.5 TFLOP/s, 1555 GB/s; H100 SXM: 66.9 TFLOP/s, 3.35 TB/s). No kernel can be
              faster; these will be slower.

            | Kernel | In | Result | GFLOP | MB | FLOP/B | Threads | Shared | Registers | Inner loop | Outside | A100 µs | H100 µs |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n");
        return head + rows.Lines((19.5e12, A100Bytes), (66.9e12, H100Bytes));
    }
}
