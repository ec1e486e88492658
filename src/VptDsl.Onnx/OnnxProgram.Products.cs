using VptDsl.Devices.Cpu;
using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>Products, convolutions among them, and what follows them.</content>
public abstract partial class OnnxProgram
{
    /// <summary>c = activation(a · bᵀ + bias) + residual.</summary>
    protected OnnxValue ProductNT(
        OnnxValue a, OnnxValue b, string c, OnnxValue? bias = null, ActivationKind? activation = null, OnnxValue? residual = null)
    {
        if (_patches.TryGetValue(a, out var patches))
            return Convolve(PlanesOf(patches.Map), patches.Grid, b, c, bias, activation, residual);
        if (a.Planes is { } planes)
            return Convolve(planes, new SlidingPatch(planes[^1], 1, 1, 0), b, c, bias, activation, residual);
        return Linear(a.Rows, _graph.Transpose(b.Rows, c + "/transposed", 1, 0), c, bias, activation, residual);
    }

    /// <summary>c = activation(a · b + bias) + residual.</summary>
    protected OnnxValue ProductNN(
        OnnxValue a, OnnxValue b, string c, OnnxValue? bias = null, ActivationKind? activation = null, OnnxValue? residual = null) =>
        Linear(a.Rows, b.Rows, c, bias, activation, residual);

    private OnnxValue Linear(Tensor a, Tensor b, string name, OnnxValue? bias, ActivationKind? activation, OnnxValue? residual)
    {
        string product = bias is null && activation is null && residual is null ? name : name + "/product";
        string biased = activation is null && residual is null ? name : name + "/biased";
        Tensor result = _graph.MatMul(a, b, product);
        if (bias is not null)
            result = _graph.Elementwise("Add", biased, result, Row(bias));
        if (activation is { } kind)
            result = Activated(kind, result, residual is null ? name : name + "/activated");
        if (residual is not null)
            result = _graph.Elementwise("Add", name, result, residual.Rows);
        return new OnnxValue(result);
    }

    /// <summary>A matrix of one row as a vector.</summary>
    private Tensor Row(OnnxValue row) => _graph.Reshape(row.Rows, row.Rows.Name + "/vector", row.Rows[^1]);
}
