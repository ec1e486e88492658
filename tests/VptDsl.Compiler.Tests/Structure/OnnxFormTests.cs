using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Compiler.Tests.Structure;

/// <summary>Every operation that inference may hold has a form in ONNX, and what had none would be named.</summary>
public sealed class OnnxFormTests
{
    public static TheoryData<int> Seeds { get; } =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 20), .. RandomDeclarations.OtherKinds], every: 2)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Inference_of_whatever_is_declared_has_a_form(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        CompiledModel model = ModelCompiler.Analyze(spec);

        Assert.Empty(OnnxText.Missing(model));
        Assert.Contains("ComputeLogits", OnnxEmitter.Emit(spec, model), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_without_a_form_is_named_where_the_model_would_be_exported()
    {
        ModelSpec spec = RandomDeclarations.Draw(0);
        CompiledModel model = ModelCompiler.Analyze(spec) with { InferenceGraph = ClassifierGraph.Build(spec).Graph };

        string text = OnnxSurfaceEmitter.Emit(spec, model);

        Assert.Contains("NotSupportedException(\"Tuner0 cannot be exported as ONNX: ", text, StringComparison.Ordinal);
        Assert.Contains("CrossEntropy", text, StringComparison.Ordinal);
        Assert.DoesNotContain(OnnxEmitter.ClassName, text, StringComparison.Ordinal);
    }
}
