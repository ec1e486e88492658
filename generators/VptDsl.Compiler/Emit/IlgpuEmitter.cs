using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the GPU's operations: a kernel or a few for each call, with its dimensions and strides as constants.</summary>
internal static class IlgpuEmitter
{
    public static string Emit(ModelSpec spec, CallTable calls, long trained)
    {
        var kernels = calls.Calls.ToDictionary(call => call, call => KernelFamilies.For(call, calls[call]));
        var writer = new SourceWriter();
        FileHeader.Write(
            writer,
            spec.Type,
            "using ILGPU;",
            "using ILGPU.Algorithms;",
            "using ILGPU.Runtime;",
            "using VptDsl.Devices.Ilgpu;",
            "using VptDsl.Programs;");
        using (writer.Block($"partial class {spec.Type.Name}"))
        {
            writer.Summary("The operations on a GPU: each launches its kernels.");
            using (writer.Block("private sealed class IlgpuOperations(IlgpuDevice device) : IlgpuProgramDevice(device, typeof(Kernels)), IOperations"))
            {
                foreach (Call call in calls.Calls)
                {
                    foreach (Kernel kernel in kernels[call])
                        writer.Line($"private {DelegateName(kernel)}? {FieldName(kernel)};");
                }

                foreach (Call call in calls.Calls)
                {
                    writer.Line();
                    WriteOperation(writer, call, calls[call], kernels[call]);
                }

                foreach (int operands in kernels.Values.SelectMany(k => k).Select(k => k.Operands.Count).Distinct().OrderBy(n => n))
                {
                    writer.Line();
                    string views = string.Concat(Enumerable.Range(0, operands).Select(i => $", ArrayView<float> operand{i}"));
                    writer.Line($"private delegate void KernelOf{operands}(AcceleratorStream stream, Index1D threads, int batch{views});");
                }
            }

            writer.Line();
            writer.Summary("What one thread of each kernel does.");
            using (writer.Block("private static class Kernels"))
            {
                bool first = true;
                foreach (Kernel kernel in calls.Calls.SelectMany(call => kernels[call]))
                {
                    if (!first)
                        writer.Line();
                    first = false;
                    WriteKernel(writer, kernel);
                }

                OptimizerKernel.Write(writer, trained);
            }
        }

        return writer.ToString();
    }

    private static void WriteOperation(SourceWriter writer, Call call, string name, IReadOnlyList<Kernel> kernels)
    {
        using (writer.Block($"public void {name}({CallTable.Parameters(call)})"))
        {
            foreach (Kernel kernel in kernels)
            {
                string field = FieldName(kernel), count = SourceWriter.Literal(kernel.Threads.Count);
                writer.Line($"{field} ??= Load<{DelegateName(kernel)}>(nameof(Kernels.{kernel.Name}));");
                var arguments = new List<string> { "Stream", kernel.Threads.PerImage ? $"Threads({count})" : count, "Batch" };
                arguments.AddRange(kernel.Operands.Select(o => CallText.Operand(o.Name, o.Layout)));
                writer.Line($"{field}({string.Join(", ", arguments)});");
            }
        }
    }

    private static void WriteKernel(SourceWriter writer, Kernel kernel)
    {
        string views = string.Concat(kernel.Operands.Select(o => $", ArrayView<float> {o.Name}"));
        writer.Summary(kernel.Summary);
        using (writer.Block($"public static void {kernel.Name}(Index1D index, int batch{views})"))
            kernel.WriteBody(writer);
    }

    private static string DelegateName(Kernel kernel) => $"KernelOf{kernel.Operands.Count}";

    private static string FieldName(Kernel kernel) => "_" + char.ToLowerInvariant(kernel.Name[0]) + kernel.Name.Substring(1);
}
