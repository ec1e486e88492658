using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>Normalisations, and batch normalisation by statistics that are known.</content>
public abstract partial class OnnxProgram
{
    /// <summary>y = each row of x normalised, · gamma + beta.</summary>
    protected OnnxValue LayerNorm(OnnxValue x, OnnxValue gamma, OnnxValue beta, string y, string? statistics, float epsilon) =>
        new(_graph.Node(
            "LayerNormalization", y, x.Rows.Dimensions, [x.Rows, Row(gamma), Row(beta)],
            GraphWriter.Attribute("axis", -1L), GraphWriter.Attribute("epsilon", epsilon)));

    /// <summary>quotient = x / √(variance + ε).</summary>
    protected OnnxValue DivideByDeviation(OnnxValue x, OnnxValue variance, string quotient, float epsilon) =>
        new(_graph.Elementwise("Div", quotient, x.Rows, Deviation(variance, quotient, epsilon)));

    /// <summary>folded = weight, the row of each output times gamma / √(variance + ε).</summary>
    protected OnnxValue FoldedWeight(OnnxValue weight, OnnxValue gamma, OnnxValue variance, string folded, float epsilon)
    {
        Tensor factors = _graph.Elementwise("Div", folded + "/factors", gamma.Rows, Deviation(variance, folded, epsilon));
        return new(_graph.Elementwise("Mul", folded, weight.Rows, _graph.Reshape(factors, folded + "/column", factors[^1], 1)));
    }

    /// <summary>bias = beta - mean · gamma / √(variance + ε).</summary>
    protected OnnxValue FoldedBias(OnnxValue gamma, OnnxValue beta, OnnxValue mean, OnnxValue variance, string bias, float epsilon)
    {
        Tensor factors = _graph.Elementwise("Div", bias + "/factors", gamma.Rows, Deviation(variance, bias, epsilon));
        return new(_graph.Elementwise("Sub", bias, beta.Rows, _graph.Elementwise("Mul", bias + "/mean", mean.Rows, factors)));
    }

    private Tensor Deviation(OnnxValue variance, string name, float epsilon)
    {
        Tensor sum = _graph.Elementwise("Add", name + "/variance", variance.Rows, _graph.Number(epsilon));
        return _graph.Node("Sqrt", name + "/deviation", sum.Dimensions, [sum]);
    }
}
