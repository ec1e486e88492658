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
        return Finish(Linear(a.Rows, b.Rows, bias, NameOfProduct(c, activation, residual)), c, activation, residual);
    }

    /// <summary>c = activation(a · b + bias) + residual.</summary>
    protected OnnxValue ProductNN(
        OnnxValue a, OnnxValue b, string c, OnnxValue? bias = null, ActivationKind? activation = null, OnnxValue? residual = null)
    {
        string name = NameOfProduct(c, activation, residual);
        Tensor product = _graph.MatMul(a.Rows, b.Rows, bias is null ? name : name + "/unbiased");
        return Finish(bias is null ? product : _graph.Elementwise("Add", name, product, Row(bias)), c, activation, residual);
    }

    private static string NameOfProduct(string name, ActivationKind? activation, OnnxValue? residual) =>
        activation is null && residual is null ? name : name + "/product";

    /// <summary>
    /// x · weightᵀ + bias. With a bias it is one node, which takes a matrix: the rows of all images, as runtimes multiply fastest.
    /// </summary>
    private Tensor Linear(Tensor x, Tensor weight, OnnxValue? bias, string name)
    {
        bool isConstant = weight.Constant is not null;
        Tensor factor = isConstant ? _graph.Transpose(weight, name + "/weight", 1, 0) : weight;

        // Of an open number of rows and an open number of columns, nothing could tell the one from the other afterwards.
        bool canBeMatrix = x.Rank == 2 || x[1] == 1 || weight[0] != Tensor.Open;
        if (bias is not null && canBeMatrix)
        {
            if (x.Rank == 2)
                return _graph.Gemm(x, factor, !isConstant, Row(bias), name);
            Tensor rows = _graph.Reshape(x, name + "/rows", x[1] == 1 ? Tensor.Batch : Tensor.Open, x[^1]);
            Tensor result = _graph.Gemm(rows, factor, !isConstant, Row(bias), name + "/matrix");
            return _graph.Reshape(result, name, Tensor.Batch, x[1], result[^1]);
        }

        Tensor product = _graph.MatMul(
            x, isConstant ? factor : _graph.Transpose(weight, name + "/transposed", 1, 0), bias is null ? name : name + "/unbiased");
        return bias is null ? product : _graph.Elementwise("Add", name, product, Row(bias));
    }

    private OnnxValue Finish(Tensor product, string name, ActivationKind? activation, OnnxValue? residual)
    {
        Tensor result = product;
        if (activation is { } kind)
            result = Activated(kind, result, residual is null ? name : name + "/activated");
        if (residual is not null)
            result = _graph.Elementwise("Add", name, result, residual.Rows);
        return new OnnxValue(result);
    }

    /// <summary>A matrix of one row as a vector.</summary>
    private Tensor Row(OnnxValue row) => _graph.Reshape(row.Rows, row.Rows.Name + "/vector", row.Rows[^1]);
}
