using System.Globalization;
using System.Reflection;
using System.Text;
using ILGPU.Runtime.Cuda;
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
            (double Flops, double Bytes) older = (a100, KernelTable.A100Bytes), newer = (h100, KernelTable.H100Bytes);
            foreach (KernelRow row in Rows(precision)
                .OrderByDescending(row => row.Seconds(older)).ThenBy(row => row.Kernel.Name, StringComparer.Ordinal))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {KernelWriter.PlainName(row.Kernel.Name)} | {precision} | {string.Join(", ", row.Models)} | {row.Result} | "
                        + $"{row.Work} | {row.Threads} | {row.Shared} | {row.Code} | {KernelRow.Number(row.Seconds(older) * 1e6)} | "
                        + $"{KernelRow.Number(row.Seconds(newer) * 1e6)} |\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<KernelRow> Rows(Precision precision)
    {
        var rows = new Dictionary<string, KernelRow>();
        var machines = new Dictionary<string, string>();
        using PtxCompiler sm80 = new(CudaArchitecture.SM_80), sm90 = new(CudaArchitecture.SM_90);
        foreach ((string model, string prompts) in KernelTable.Models)
        {
            ModelSpec spec = ModelName.Parse("vit-b16", prompts, KernelTable.Classes) with { Precision = precision };
            var calls = new CallTable(ModelCompiler.Analyze(spec).Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
            var callKernels = new CallKernels(calls, KernelOptions.Default.For(spec));
            Type kernels = Assembly.LoadFrom(ModelAssembly.Compile(spec)).GetType(KernelsEmitter.TypeName, throwOnError: true)!;
            foreach (Call call in calls.Calls)
            {
                IReadOnlyList<Kernel> family = callKernels.OnTensorCores(call);
                foreach (int i in Enumerable.Range(0, family.Count).Where(i => family[i].TakesAddresses))
                {
                    var row = KernelRow.Of(call, family, i, Assembled(family[i].Name));
                    rows.TryAdd(row.Key, row);
                    rows[row.Key].Models.Add(model);
                }
            }

            string Assembled(string kernel) =>
                machines.TryGetValue(kernel, out string? known) ? known : machines[kernel] = Assemble(kernels.GetMethod(kernel)!);
        }

        return rows.Values;

        string Assemble(MethodInfo method)
        {
            string older = sm80.Compile(method), newer = sm90.Compile(method);
            string registers = Ptxas.RegistersOf(Ptxas.Assemble(older, "sm_80"), Ptxas.Assemble(newer, "sm_90"));
            return $"{registers} | {Sass.TextOf(Sass.Of(older, "sm_80"), Sass.Of(newer, "sm_90"))}";
        }
    }
}
