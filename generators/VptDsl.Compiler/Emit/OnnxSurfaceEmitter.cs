using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits what lets the ONNX library find a model's graph: an interface of the user's class.</summary>
internal static class OnnxSurfaceEmitter
{
    public static string Emit(ModelSpec spec, CompiledModel model)
    {
        var writer = new SourceWriter();
        FileHeader.WriteOpen(writer, spec.Type.Namespace);
        using (writer.Block($"partial class {spec.Type.Name} : global::VptDsl.Onnx.IOnnxModel"))
        {
            writer.Line(GeneratedAttributes.Text);
            writer.Line("global::VptDsl.Onnx.OnnxProgram global::VptDsl.Onnx.IOnnxModel.DescribeForOnnx() =>");
            IReadOnlyList<Operation> missing = OnnxText.Missing(model);
            writer.Indented(missing.Count == 0
                ? $"new global::{spec.Type.ClosedNamespace}.{OnnxEmitter.ClassName}();"
                : "throw new global::System.NotSupportedException(\"" + Complaint(spec, missing) + "\");");
        }

        return writer.ToString();
    }

    private static string Complaint(ModelSpec spec, IReadOnlyList<Operation> missing) =>
        $"{spec.Type.PlainName} cannot be exported as ONNX: {string.Join(", ", missing.Select(o => o.GetType().Name))} "
            + "of its inference has no form there. Use the model through VptDsl instead.";
}
