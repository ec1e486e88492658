using VptDsl.Compiler.Emit.Kernels;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the GPU kernels of all models of a project, each once, and the optimisers'.</summary>
internal static class KernelsEmitter
{
    /// <summary>A namespace that is no model's: theirs have no underscore but before a zero or between names.</summary>
    public const string Namespace = "VptDsl.Generated._Shared";

    public const string TypeName = Namespace + "." + ClassName;

    private const string ClassName = "Kernels";

    /// <param name="kernels">What the models need, <see cref="Distinct"/>.</param>
    public static EmittedFile Emit(IEnumerable<KernelText> kernels)
    {
        var writer = new SourceWriter();
        FileHeader.WriteClosedWithoutReferences(writer, Namespace, "ILGPU", "ILGPU.Algorithms", "ILGPU.Runtime", "VptDsl.Devices.Ilgpu");
        writer.Summary("What one thread of each kernel does. Models that need the same kernel share it.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block($"internal static class {ClassName}"))
        {
            foreach (KernelText kernel in kernels)
                writer.Line(kernel.Text).Line();
            OptimizerKernel.Write(writer);
        }

        return new EmittedFile(TypeName + ".g.cs", writer.ToString());
    }

    /// <summary>Each once, in the order of their names.</summary>
    public static IEnumerable<KernelText> Distinct(IEnumerable<KernelText> kernels) =>
        kernels.GroupBy(kernel => kernel.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.First());
}
