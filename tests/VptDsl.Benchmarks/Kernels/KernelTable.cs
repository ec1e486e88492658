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

/// <summary>
/// Writes a table of every kernel of ViT-B/16: what it computes and moves, and how long data sheets say that takes at least.
/// </summary>
internal static class KernelTable
{
    public const int Classes = 102;

    /// <summary>Bytes a second of their memories.</summary>
    public const double A100Bytes = 1555e9, H100Bytes = 3350e9;

    private static readonly (double Flops, double Bytes)[] Devices = [(19.5e12, A100Bytes), (66.9e12, H100Bytes)];

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
        var rows = new Dictionary<string, KernelRow>();
        var machines = new Dictionary<string, string>();
        using PtxCompiler sm80 = new(CudaArchitecture.SM_80), sm90 = new(CudaArchitecture.SM_90);
        foreach ((string model, string prompts) in Models)
        {
            ModelSpec spec = ModelName.Parse("vit-b16", prompts, Classes);
            CompiledModel compiled = ModelCompiler.Analyze(spec);
            Step[] steps = [.. compiled.Programs.SelectMany(p => p.Prepare.Concat(p.Steps))];
            var calls = new CallTable(steps);
            var callKernels = new CallKernels(calls);
            Type kernels = Assembly.LoadFrom(ModelAssembly.Compile(spec)).GetType(KernelsEmitter.TypeName, throwOnError: true)!;
            foreach (Call call in calls.Calls)
            {
                IReadOnlyList<Kernel> family = callKernels[call];
                for (int i = 0; i < family.Count; i++)
                {
                    Add(KernelRow.Of(call, family, i, Assembled(family[i].Name)));
                }
            }

            long trained = compiled.Parameters.TrainedFloats;
            Add(KernelRow.OfOptimizer("UpdateSgd", trained, operands: 3, Assembled("UpdateSgd")));
            Add(KernelRow.OfOptimizer("UpdateAdamW", trained, operands: 4, Assembled("UpdateAdamW")));

            string Assembled(string kernel) =>
                machines.TryGetValue(kernel, out string? known) ? known : machines[kernel] = Assemble(kernels.GetMethod(kernel)!);

            string Assemble(MethodInfo method)
            {
                string older = sm80.Compile(method), newer = sm90.Compile(method);
                (string inner, string outside) = new PtxCount(older).With("SM_90", new(newer));
                return $"{Ptxas.RegistersOf(Ptxas.Assemble(older, "sm_80"), Ptxas.Assemble(newer, "sm_90"))} | {inner} | {outside}";
            }

            void Add(KernelRow row)
            {
                if (!rows.TryAdd(row.Key, row))
                    row = rows[row.Key];
                row.Models.Add(model);
            }
        }

        KernelRow[] sorted =
            [.. rows.Values.OrderByDescending(r => r.Seconds(Devices[0])).ThenBy(r => r.Kernel.Name, StringComparer.Ordinal)];
        File.WriteAllText(path, $"{Text(sorted)}\n{TensorKernelTable.Text()}");
    }

    private static string Text(IReadOnlyList<KernelRow> rows)
    {
        int images = KernelRow.Batch;
        var text = new StringBuilder();
        text.Append($"""
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
              most multiply-adds), and *outside* the loads and stores of the rest of the kernel, epilogue included. `.v4` moves 16 bytes.
              ILGPU writes a multiply-add as `mul` and `add`, which the assembler fuses.
            - *A100* and *H100* are microseconds by the roofline: the longer of GFLOP at the device's float32 peak and MB at its memory's
              bandwidth, from the data sheets (A100 40 GB: 19.5 TFLOP/s, 1555 GB/s; H100 SXM: 66.9 TFLOP/s, 3.35 TB/s). No kernel can be
              faster; these will be slower.

            | Kernel | In | Result | GFLOP | MB | FLOP/B | Threads | Shared | Registers | Inner loop | Outside | A100 µs | H100 µs |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (KernelRow row in rows)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {KernelWriter.PlainName(row.Kernel.Name)} | {string.Join(", ", row.Models)} | {row.Result} | "
                    + $"{row.Work} | {row.Threads} | "
                    + $"{row.Shared} | {row.Code} | "
                    + $"{KernelRow.Number(row.Seconds(Devices[0]) * 1e6)} | {KernelRow.Number(row.Seconds(Devices[1]) * 1e6)} |\n");
        }

        return text.ToString();
    }


}
