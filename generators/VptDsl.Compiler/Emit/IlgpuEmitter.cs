using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Emits the GPU's operations: each launches the kernel or the few of its call, which have dimensions and strides as constants, but for
/// numbers of rows that other calls may have too.
/// </summary>
internal static class IlgpuEmitter
{
    /// <param name="spec">The model.</param>
    /// <param name="kernels">The kernels of what its programs call.</param>
    public static string Emit(ModelSpec spec, CallKernels kernels)
    {
        CallTable calls = kernels.Calls;
        var writer = new SourceWriter();
        FileHeader.WriteClosed(
            writer, spec.Type.ClosedNamespace, "ILGPU", "ILGPU.Algorithms", "ILGPU.Runtime", "VptDsl.Devices.Ilgpu",
            KernelsEmitter.Namespace, "VptDsl.Programs");
        writer.Summary("The operations on a GPU: each launches its kernels.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block("internal sealed class IlgpuOperations(IlgpuDevice device)\n    : IlgpuProgramDevice(device, typeof(Kernels), "
            + $"{Requirements(kernels.All)}), IOperations"))
        {
            Kernel[] all = [.. kernels.All, .. kernels.AllOnTensorCores];
            foreach (Kernel kernel in all)
                writer.Line($"private {DelegateName(kernel)}? {FieldName(kernel)};");

            if (kernels.Scratch != ScratchSize.None)
            {
                writer.Line();
                writer.Line("/// <inheritdoc/>");
                writer.Line($"public override long ScratchFloats => {kernels.Scratch.Text("Batch")};");
            }

            if (kernels.UnpackedFloats > 0)
            {
                writer.Line();
                writer.Line("/// <inheritdoc/>");
                writer.Line($"public override long UnpackedFloats => {kernels.UnpackedFloats};");
            }

            foreach (Call call in calls.Calls)
            {
                writer.Line();
                WriteOperation(writer, call, calls[call], kernels);
            }

            WriteDelegates(writer, all);
        }

        return writer.ToString();
    }

    /// <summary>What the largest group of any kernel needs, so that a device that has less is refused before anything runs on it.</summary>
    private static string Requirements(IEnumerable<Kernel> kernels)
    {
        GroupLaunch[] groups = kernels.Select(k => k.Groups).OfType<GroupLaunch>().ToArray();
        return groups.Length == 0
            ? "default"
            : $"new(groupThreads: {groups.Max(g => g.Threads)}, sharedBytes: {groups.Max(g => g.SharedFloats) * sizeof(float)})";
    }

    private static void WriteDelegates(SourceWriter writer, IEnumerable<Kernel> kernels)
    {
        var signatures = kernels.GroupBy(DelegateName).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First());
        foreach (Kernel kernel in signatures)
        {
            int operands = kernel.Operands.Count + (kernel.Scratch is null ? 0 : 1);
            string views = string.Concat(Enumerable.Range(0, operands).Select(i => $", {KernelWriter.Parameter(kernel, $"operand{i}")}"));
            string sizes = string.Concat(Enumerable.Range(0, kernel.Sizes.Count).Select(i => $", int size{i}"));
            string shape = kernel.Groups is null ? "Index1D threads" : "KernelConfig groups";
            writer.Line();
            writer.Line($"private delegate void {DelegateName(kernel)}(AcceleratorStream stream, {shape}, int batch{sizes}{views});");
        }
    }

    private static void WriteOperation(SourceWriter writer, Call call, string name, CallKernels callKernels)
    {
        IReadOnlyList<Kernel> kernels = callKernels[call], onTensorCores = callKernels.OnTensorCores(call);
        bool shareScratch = onTensorCores.Any(k => k.Scratch is not null);
        using (writer.Block($"public void {name}({CallTable.Parameters(call)})"))
        {
            if (callKernels.Unpacking(call) is { } unpacking)
            {
                WriteUnpacking(writer, unpacking, call.Operation.InputNames[call.InputInPairs]);
                call = call.OfFloats;
            }

            if (shareScratch)
                WriteScratch(writer, [.. kernels, .. onTensorCores]);
            if (onTensorCores.Count > 0)
            {
                using (writer.Block("if (HasTensorCores)"))
                {
                    foreach (Kernel kernel in onTensorCores)
                        WriteLaunch(writer, kernel);
                    writer.Line("return;");
                }

                writer.Line();
            }

            if (LibraryProduct.Fits(call))
            {
                LibraryProduct.Write(writer, call);
                writer.Line();
            }

            if (!shareScratch)
                WriteScratch(writer, kernels);
            foreach (Kernel kernel in kernels)
                WriteLaunch(writer, kernel);
        }
    }

    /// <summary>From then on the method's operand is what was unpacked.</summary>
    private static void WriteUnpacking(SourceWriter writer, Kernel kernel, string operand)
    {
        KernelOperand[] slots = [kernel.Operands[0] with { Slot = operand }, kernel.Operands[1] with { Slot = "Unpacked" }];
        WriteLaunch(writer, kernel with { Operands = slots });
        writer.Line($"{operand} = Unpacked;").Line();
    }

    private static void WriteScratch(SourceWriter writer, IReadOnlyList<Kernel> kernels)
    {
        if (kernels.Any(k => k.Scratch is not null))
            writer.Line($"ArrayView<float> scratch = Scratch({ScratchSize.Of(kernels).Text("Batch")});");
    }

    private static void WriteLaunch(SourceWriter writer, Kernel kernel)
    {
        string field = FieldName(kernel), load = kernel.Groups is null ? "Load" : "LoadGroups";
        writer.Line($"{field} ??= {load}<{DelegateName(kernel)}>(nameof(Kernels.{kernel.Name}));");
        var arguments = new List<string> { "Stream", LaunchShape(kernel), "Batch" };
        arguments.AddRange(kernel.Sizes.Select(size => size.Argument));
        arguments.AddRange(kernel.Operands.Select(o => Operand(kernel, o)));
        if (kernel.Scratch is not null)
            arguments.Add(kernel.TakesAddresses ? "Address(scratch)" : "scratch");
        writer.Line($"{field}({string.Join(", ", arguments)});");
    }

    private static string Operand(Kernel kernel, KernelOperand operand)
    {
        string view = CallText.Operand(operand.Slot, operand.Layout);
        return kernel.TakesAddresses ? $"Address({view})" : view;
    }

    private static string LaunchShape(Kernel kernel)
    {
        if (kernel.Groups is { } groups)
            return $"Grid({groups.X.Text}, {groups.Y.Text}, {groups.Z.Text}, threads: ({groups.ThreadsX}, {groups.ThreadsY}))";
        string count = SourceWriter.Literal(kernel.Threads.Count);
        return kernel.Threads.PerImage ? $"Threads({count})" : count;
    }

    private static string DelegateName(Kernel kernel)
    {
        string name = $"{(kernel.Groups is null ? "KernelOf" : "GroupsOf")}{kernel.Operands.Count + (kernel.Scratch is null ? 0 : 1)}";
        if (kernel.TakesAddresses)
            name += "Addresses";
        return kernel.Sizes.Count == 0 ? name : $"{name}By{kernel.Sizes.Count}";
    }

    private static string FieldName(Kernel kernel) => "_" + char.ToLowerInvariant(kernel.Name[0]) + kernel.Name.Substring(1);
}
