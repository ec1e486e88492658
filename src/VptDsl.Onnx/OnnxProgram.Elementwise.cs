using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>What is computed element by element.</content>
public abstract partial class OnnxProgram
{
    /// <summary>y = f(x) of each element.</summary>
    protected OnnxValue Activate(OnnxValue x, string y, ActivationKind kind) => x.Planes is { } planes
        ? OfPlanes(Activated(kind, planes, y))
        : new(Activated(kind, x.Rows, y));

    /// <summary>sum = a + b.</summary>
    protected OnnxValue Add(OnnxValue a, OnnxValue b, string sum) => Both("Add", a, b, sum);

    /// <summary>product = a ⊙ b.</summary>
    protected OnnxValue Multiply(OnnxValue a, OnnxValue b, string product) => Both("Mul", a, b, product);

    /// <summary>sum = x with the same row added to each of its rows.</summary>
    protected OnnxValue AddRow(OnnxValue x, OnnxValue addend, string sum) => ByColumn("Add", x, addend, sum);

    /// <summary>y = x, each column times its factor.</summary>
    protected OnnxValue ScaleColumns(OnnxValue x, OnnxValue gamma, string y) => ByColumn("Mul", x, gamma, y);

    /// <summary>y = x, each column times its factor, plus a residual.</summary>
    protected OnnxValue ScaleColumns(OnnxValue x, OnnxValue gamma, OnnxValue residual, string y) =>
        Add(ByColumn("Mul", x, gamma, y + "/scaled"), residual, y);

    /// <summary>y = x, the rows of each channel times a number of the channel plus another.</summary>
    protected OnnxValue AffineChannels(OnnxValue x, string y, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts)
    {
        Tensor rows = x.Rows;
        int[] batch = rows.IsBatched ? [Tensor.Batch] : [];
        Tensor channels = _graph.Reshape(rows, y + "/channels", [.. batch, scales.Length, rows[^2] / scales.Length * rows[^1]]);
        Tensor factors = _graph.Numbers(y + "/scales", [scales.Length, 1], scales);
        Tensor summands = _graph.Numbers(y + "/shifts", [shifts.Length, 1], shifts);
        Tensor shifted = _graph.Elementwise(
            "Add", y + "/shifted", _graph.Elementwise("Mul", y + "/scaled", channels, factors), summands);
        return new(_graph.Reshape(shifted, y, [.. batch, rows[^2], rows[^1]]));
    }

    /// <summary>blend = σ(gate) · a + (1 − σ(gate)) · b.</summary>
    protected OnnxValue Blend(OnnxValue gate, OnnxValue a, OnnxValue b, string blend)
    {
        Tensor share = _graph.Node("Sigmoid", blend + "/share", [1, 1], [gate.Rows]);
        Tensor rest = _graph.Elementwise("Sub", blend + "/rest", _graph.Number(1), share);
        return new(_graph.Elementwise(
            "Add", blend, _graph.Elementwise("Mul", blend + "/a", a.Rows, share), _graph.Elementwise("Mul", blend + "/b", b.Rows, rest)));
    }

    private OnnxValue Both(string operation, OnnxValue a, OnnxValue b, string name) => a.Planes is null && b.Planes is null
        ? new(_graph.Elementwise(operation, name, a.Rows, b.Rows))
        : OfPlanes(_graph.Elementwise(operation, name, PlanesOf(a), PlanesOf(b)));

    private OnnxValue ByColumn(string operation, OnnxValue x, OnnxValue row, string name)
    {
        Tensor vector = Row(row);
        return x.Planes is { } planes
            ? OfPlanes(_graph.Elementwise(operation, name, planes, _graph.Reshape(vector, vector.Name + "/planes", vector[0], 1, 1)))
            : new(_graph.Elementwise(operation, name, x.Rows, vector));
    }

    /// <summary>An activation, in the nodes that runtimes know it by and compute as one.</summary>
    private Tensor Activated(ActivationKind kind, Tensor x, string name)
    {
        switch (kind)
        {
            case ActivationKind.Gelu:
                Tensor error = Unary("Erf", "erf", Binary("Div", "scaled", x, MathF.Sqrt(2)));
                return Binary("Mul", "", _graph.Elementwise("Mul", name + "/weighted", x, Binary("Add", "shifted", error, 1)), 0.5f);
            case ActivationKind.GeluTanh:
                Tensor cube = Binary("Mul", "cubic", Binary("Pow", "cube", x, 3), 0.044715f);
                Tensor inner = Binary("Mul", "scaled", _graph.Elementwise("Add", name + "/sum", x, cube), MathF.Sqrt(2 / MathF.PI));
                Tensor share = Binary("Add", "shifted", Unary("Tanh", "tanh", inner), 1);
                return _graph.Elementwise("Mul", name, Binary("Mul", "half", x, 0.5f), share);
            case ActivationKind.QuickGelu:
                return _graph.Elementwise("Mul", name, x, Unary("Sigmoid", "share", Binary("Mul", "scaled", x, 1.702f)));
            case ActivationKind.Relu:
                return Unary("Relu", "", x);
            case ActivationKind.Silu:
                return _graph.Elementwise("Mul", name, x, Unary("Sigmoid", "share", x));
            default:
                throw new NotSupportedException($"The activation {kind} of {_program.Model.Name} has no form in ONNX.");
        }

        string Part(string part) => part.Length == 0 ? name : $"{name}/{part}";

        Tensor Unary(string operation, string part, Tensor operand) => _graph.Node(operation, Part(part), operand.Dimensions, [operand]);

        Tensor Binary(string operation, string part, Tensor operand, float number) =>
            _graph.Elementwise(operation, Part(part), operand, _graph.Number(number));
    }
}
