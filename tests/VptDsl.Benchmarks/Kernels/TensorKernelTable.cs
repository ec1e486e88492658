using System.Text;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Writes a table of the kernels of ViT-B/16 on tensor cores, in every precision.</summary>
internal static class TensorKernelTable
{
    /// <summary>Operations a second of an A100 and an H100 on tensor cores, without sparsity.</summary>
    /// <remarks>Three products of TF32 stand for one of float32.</remarks>
    private static readonly Dictionary<Precision, (double A100, double H100)> Rates = new()
    {
        [Precision.Float32] = (156e12 / 3, 494.7e12 / 3),
        [Precision.TensorFloat32] = (156e12, 494.7e12),
        [Precision.BFloat16] = (312e12, 989.4e12),
    };

    public static string Text()
    {
        var text = new StringBuilder();
        text.Append("""
            ## On tensor cores

            The same models with [`[Precision]`](dsl-reference.md#precision): every kernel that [tensor cores](kernels.md#tensor-cores) run
            in the place of one above. They have run on no GPU.

            - *Registers* and *Shared* as above. No kernel spills.
            - *Multiply* is how many instructions of the innermost loop multiply matrices (`HMMA`), and how many it has, in the code
              that NVIDIA's assembler makes for SM_80, and for SM_90 where it differs. Each multiplies 16 × 8 × 8 in TF32 or
              16 × 8 × 16 in bfloat16. Where one tile holds all that is summed there is no loop.
            - *A100* and *H100* are microseconds by the roofline: the longer of GFLOP at the peak of the tensor cores and MB at the
              memory's bandwidth, from the data sheets, without sparsity (A100: 156 TFLOP/s in TF32, 312 in bfloat16; H100: 495 and 989).
              `Float32` is three products of TF32.

            | Kernel | Precision | In | Result | GFLOP | MB | FLOP/B | Threads | Shared | Registers | Multiply | A100 µs | H100 µs |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach ((Precision precision, (double a100, double h100)) in Rates)
        {
            using KernelRows rows = Rows(precision);
            text.Append(rows.Lines((a100, KernelTable.A100Bytes), (h100, KernelTable.H100Bytes), precision.ToString()));
        }

        return text.ToString();
    }

    private static KernelRows Rows(Precision precision)
    {
        var rows = new KernelRows((older, newer) => Sass.TextOf(Sass.Of(older, "sm_80"), Sass.Of(newer, "sm_90")));
        foreach ((string model, string prompts) in KernelTable.Models)
        {
            ModelSpec spec = ModelName.Parse("vit-b16", prompts, KernelTable.Classes) with { Precision = precision };
            var calls = new CallTable(ModelCompiler.Analyze(spec).Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
            var callKernels = new CallKernels(calls, KernelOptions.Default.For(spec));
            Type kernels = KernelRows.KernelsOf(spec);
            foreach (Call call in calls.Calls)
            {
                IReadOnlyList<Kernel> family = callKernels.OnTensorCores(call);
                foreach (int i in Enumerable.Range(0, family.Count).Where(i => family[i].TakesAddresses))
                    rows.Add(model, KernelRow.Of(call, family, i, rows.CodeOf(kernels, family[i].Name)));
            }
        }

        return rows;
    }
}
