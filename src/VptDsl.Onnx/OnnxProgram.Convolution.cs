using System.Globalization;
using VptDsl.Devices.Cpu;
using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>What moves over maps of pixels. ONNX has it on planes, so that values between two of them stay planes.</content>
public abstract partial class OnnxProgram
{
    private readonly Dictionary<OnnxValue, (OnnxValue Map, SlidingPatch Grid)> _patches = [];

    /// <summary>The patches of maps, for the products that read them: together they are convolutions.</summary>
    protected OnnxValue ExtractSlidingPatches(OnnxValue map, string patches, SlidingPatch grid)
    {
        var value = new OnnxValue(
            planes: null,
            () => throw new NotSupportedException($"{patches} of {_program.Model.Name} are patches that no product reads: "
                + "ONNX has no operator for them. Use the model through VptDsl instead."));
        _patches.Add(value, (map, grid));
        return value;
    }

    /// <summary>A convolution, with what follows it: c = activation(map ∗ weight + bias) + residual.</summary>
    protected OnnxValue SlidingProduct(
        OnnxValue map, OnnxValue weight, string c, SlidingPatch grid,
        OnnxValue? bias = null, ActivationKind? activation = null, OnnxValue? residual = null) =>
        Convolve(PlanesOf(map), grid, weight, c, bias, activation, residual);

    /// <summary>A convolution of each channel by itself that keeps the map's size.</summary>
    protected OnnxValue DepthwiseConvolution(OnnxValue map, OnnxValue weight, OnnxValue bias, string y, int size, int kernel)
    {
        Tensor taps = _graph.Reshape(weight.Rows, y + "/taps", kernel, kernel, weight.Rows[^1]);
        int channels = weight.Rows[^1];
        Tensor kernels = _graph.Reshape(_graph.Transpose(taps, y + "/byChannel", 2, 0, 1), y + "/kernels", channels, 1, kernel, kernel);
        return OfPlanes(Convolution(PlanesOf(map), kernels, bias, y, new SlidingPatch(size, kernel, 1, kernel / 2), channels));
    }

    /// <summary>The largest value of each channel in each patch.</summary>
    protected OnnxValue MaxPool(OnnxValue map, string largest, SlidingPatch grid)
    {
        Tensor planes = PlanesOf(map);
        return OfPlanes(_graph.Node(
            "MaxPool", largest, [planes[0], planes[1], grid.Side, grid.Side], [planes],
            GraphWriter.Attribute("kernel_shape", [grid.Kernel, grid.Kernel]),
            GraphWriter.Attribute("strides", [grid.Stride, grid.Stride]),
            GraphWriter.Attribute("pads", [grid.Padding, grid.Padding, grid.Padding, grid.Padding])));
    }

    /// <summary>Maps enlarged by bilinear interpolation; each pixel stays in the middle of those it becomes.</summary>
    protected OnnxValue Upsample(OnnxValue map, string enlarged, int size, int factor)
    {
        Tensor planes = PlanesOf(map);
        int side = size * factor;
        string name = string.Create(CultureInfo.InvariantCulture, $"1, 1, {factor}, {factor}");
        Tensor scales = _graph.Numbers(name, [4], [1, 1, factor, factor]);
        return OfPlanes(_graph.Node(
            "Resize", enlarged, [planes[0], planes[1], side, side], [planes, GraphWriter.Nothing, scales],
            GraphWriter.Attribute("mode", "linear"), GraphWriter.Attribute("coordinate_transformation_mode", "half_pixel")));
    }

    private OnnxValue Convolve(
        Tensor planes, SlidingPatch grid, OnnxValue weight, string name, OnnxValue? bias, ActivationKind? activation, OnnxValue? residual)
    {
        Tensor taps = _graph.Reshape(weight.Rows, name + "/taps", weight.Rows[0], grid.Kernel, grid.Kernel, planes[1]);
        Tensor kernels = _graph.Transpose(taps, name + "/kernels", 0, 3, 1, 2);
        string convolved = activation is null && residual is null ? name : name + "/convolved";
        Tensor result = Convolution(planes, kernels, bias, convolved, grid, groups: 1);
        if (activation is { } kind)
            result = Activated(kind, result, residual is null ? name : name + "/activated");
        if (residual is not null)
            result = _graph.Elementwise("Add", name, result, PlanesOf(residual));
        return OfPlanes(result);
    }

    private Tensor Convolution(Tensor planes, Tensor kernels, OnnxValue? bias, string name, SlidingPatch grid, int groups)
    {
        Tensor[] inputs = bias is null ? [planes, kernels] : [planes, kernels, Row(bias)];
        return _graph.Node(
            "Conv", name, [planes[0], kernels[0], grid.Side, grid.Side], inputs,
            GraphWriter.Attribute("kernel_shape", [grid.Kernel, grid.Kernel]),
            GraphWriter.Attribute("strides", [grid.Stride, grid.Stride]),
            GraphWriter.Attribute("pads", [grid.Padding, grid.Padding, grid.Padding, grid.Padding]),
            GraphWriter.Attribute("group", groups));
    }

    private OnnxValue OfPlanes(Tensor planes) => new(
        planes,
        () => _graph.Reshape(
            _graph.Transpose(planes, planes.Name + "/pixels", 0, 2, 3, 1), planes.Name + "/rows",
            [.. BatchOf(planes), planes[2] * planes[3], planes[1]]));

    /// <summary>A map as planes, which always have a first axis: of 1 without a batch.</summary>
    private Tensor PlanesOf(OnnxValue map) => map.AsPlanes(rows =>
    {
        int side = (int)Math.Sqrt(rows[^2]), images = rows.IsBatched ? Tensor.Batch : 1;
        Tensor pixels = _graph.Reshape(rows, rows.Name + "/pixels", images, side, side, rows[^1]);
        return _graph.Transpose(pixels, rows.Name + "/planes", 0, 3, 1, 2);
    });
}
