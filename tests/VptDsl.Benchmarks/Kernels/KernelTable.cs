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
    private const int Batch = 64, Classes = 102;

    private static readonly (string Name, double Flops, double Bytes)[] Devices =
        [("A100", 19.5e12, 1555e9), ("H100", 66.9e12, 3350e9)];

    private static readonly (string Name, string Prompts)[] Models =
    [
        ("deep", "deep:50"),
        ("shallow", "shallow:50"),
        ("full", "full"),
        ("linear", "linear"),
    ];

    public static void Run(string path)
    {
        var rows = new Dictionary<string, Row>();
        var machines = new Dictionary<string, Machine>();
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
                    Add(Row.Of(call, family, i, Assembled(family[i].Name)));
                }
            }

            long trained = compiled.Parameters.TrainedFloats;
            Add(Row.OfOptimizer("UpdateSgd", trained, operands: 3, Assembled("UpdateSgd")));
            Add(Row.OfOptimizer("UpdateAdamW", trained, operands: 4, Assembled("UpdateAdamW")));

            Machine Assembled(string kernel) =>
                machines.TryGetValue(kernel, out Machine? known) ? known : machines[kernel] = Assemble(kernels.GetMethod(kernel)!);

            Machine Assemble(MethodInfo method)
            {
                string older = sm80.Compile(method), newer = sm90.Compile(method);
                (string inner, string outside) = new PtxCount(older).With("SM_90", new(newer));
                return new(Ptxas.RegistersOf(Ptxas.Assemble(older, "sm_80"), Ptxas.Assemble(newer, "sm_90")), inner, outside);
            }

            void Add(Row row)
            {
                if (!rows.TryAdd(row.Key, row))
                    row = rows[row.Key];
                row.Models.Add(model);
            }
        }

        File.WriteAllText(
            path, Text([.. rows.Values.OrderByDescending(r => r.Seconds(Devices[0])).ThenBy(r => r.Kernel.Name, StringComparer.Ordinal)]));
    }

    private static string Text(IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        text.Append($"""
            # The kernels of ViT-B/16

            Written by

            ```
            dotnet run -c Release --project tests/VptDsl.Benchmarks -- kernels-table docs/kernels-table.md
            ```

            Every distinct kernel of the steps, of inference and of the optimisers, for each size in which it is launched, with deep and
            shallow prompts (50 tokens), everything trained, and a linear head, with {Classes} classes and {Batch} images, the longest
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
        foreach (Row row in rows)
        {
            string intensity = row.Gflop == 0 ? "" : Number(row.Gflop * 1e9 / row.Bytes);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {KernelWriter.PlainName(row.Kernel.Name)} | {string.Join(", ", row.Models)} | {row.Result} | "
                    + $"{(row.Gflop == 0 ? "" : Number(row.Gflop))} | {Number(row.Bytes / 1e6)} | {intensity} | {row.Threads} | "
                    + $"{row.Shared} | {row.Code.Registers} | {row.Code.Inner} | {row.Code.Outside} | "
                    + $"{Number(row.Seconds(Devices[0]) * 1e6)} | {Number(row.Seconds(Devices[1]) * 1e6)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Three digits.</summary>
    private static string Number(double value) =>
        value >= 100
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : value.ToString(value >= 10 ? "F1" : value >= 1 ? "F2" : "G2", CultureInfo.InvariantCulture);

    /// <summary>What became of a kernel's code.</summary>
    /// <param name="Registers">Registers of a thread.</param>
    /// <param name="Inner">What the innermost loop does.</param>
    /// <param name="Outside">Loads and stores of the rest of the kernel.</param>
    private sealed record Machine(string Registers, string Inner, string Outside);

    private sealed record Row(Kernel Kernel, string Result, double Gflop, double Bytes, Machine Code)
    {
        public SortedSet<string> Models { get; } = new(StringComparer.Ordinal);

        public string Key => $"{Kernel.Name}: {Result} {Code}";

        public string Threads => Kernel.Groups is { } groups ? $"{groups.ThreadsX} × {groups.ThreadsY}" : "each";

        public string Shared =>
            Kernel.Groups is { } groups ? (groups.SharedFloats * sizeof(float)).ToString(CultureInfo.InvariantCulture) : "";

        public double Seconds((string Name, double Flops, double Bytes) device) =>
            Math.Max(Gflop * 1e9 / device.Flops, Bytes / device.Bytes);

        /// <remarks>
        /// What a kernel of a family computes is what the call would with the kernel's outputs alone; slices are added up by the next
        /// kernel.
        /// </remarks>
        public static Row Of(Call call, IReadOnlyList<Kernel> family, int index, Machine code)
        {
            Kernel kernel = family[index];
            string name = KernelWriter.PlainName(kernel.Name);
            bool isSlices = name.EndsWith("Slices", StringComparison.Ordinal);
            bool addsSlices = index > 0 && KernelWriter.PlainName(family[index - 1].Name) == name + "Slices";
            Kernel finishing = isSlices ? family[index + 1] : kernel;
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
        public static Row OfOptimizer(string name, long trained, int operands, Machine code)
        {
            var kernel = new Kernel(name, $"{trained} trained parameters.", [], new ThreadCount(PerImage: false, trained), _ => { });
            return new(kernel, $"[{trained}]", 0, (double)trained * operands * sizeof(float), code);
        }
    }
}
