using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <content>Convolutions and pooling over maps of pixels.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>
    /// c = activation(windows of the map · weightᵀ + bias) + residual, the windows packed as they are multiplied; with a gate, times the
    /// activation's derivative there.
    /// </summary>
    protected void WindowProduct(
        in MatrixOperand map,
        in MatrixOperand weight,
        in MatrixOperand c,
        SlidingWindow grid,
        in MatrixOperand bias = default,
        ActivationKind? activation = null,
        in MatrixOperand beforeActivation = default,
        in MatrixOperand gate = default,
        in MatrixOperand residual = default) =>
        Products.Run(Workers, new ProductCall
        {
            Layout = ProductLayout.NT,
            M = RowsOf(c),
            N = c.Columns,
            K = weight.Columns,
            A = At(map),
            Windows = grid,
            B = At(weight),
            C = At(c),
            Bias = RowAt(bias),
            Activation = activation,
            Pre = At(beforeActivation),
            Gate = At(gate),
            Residual = At(residual),
        });

    /// <summary>A convolution's weight turned around, which makes its input's gradient of its output's.</summary>
    protected void FlippedWeight(in MatrixOperand weight, in MatrixOperand flipped, int taps) =>
        Windows.Flip(Workers, taps, weight.Columns / taps, weight.Rows, At(weight), At(flipped));

    /// <summary>The windows of each map, one a row.</summary>
    protected void ExtractWindows(in MatrixOperand map, in MatrixOperand windows, SlidingWindow grid) =>
        Windows.Extract(Workers, ImagesOf(map), grid, map.Columns, At(map), At(windows));

    /// <summary>Each pixel's sum over the windows that hold it.</summary>
    protected void FoldWindows(in MatrixOperand dWindows, in MatrixOperand dMap, SlidingWindow grid) =>
        Windows.Fold(Workers, ImagesOf(dMap), grid, dMap.Columns, At(dWindows), At(dMap));

    /// <summary>The largest value of each channel in each window.</summary>
    protected void MaxPool(in MatrixOperand map, in MatrixOperand y, SlidingWindow grid) =>
        MaxPools.Forward(Workers, ImagesOf(map), grid, map.Columns, At(map), At(y));

    /// <summary>The gradient of the largest values: of equal ones in a window, the first has all of it.</summary>
    protected void MaxPoolGradient(
        in MatrixOperand dy, in MatrixOperand map, in MatrixOperand y, in MatrixOperand dMap, SlidingWindow grid) =>
        MaxPools.Backward(Workers, ImagesOf(map), grid, map.Columns, At(dy), At(map), At(y), At(dMap));

    /// <summary>A convolution of each channel by itself.</summary>
    protected void DepthwiseConvolution(
        in MatrixOperand map, in MatrixOperand weight, in MatrixOperand bias, in MatrixOperand y, int size, int kernel) =>
        DepthwiseConvolutions.Run(Workers, ImagesOf(map), size, kernel, map.Columns, At(map), At(weight), RowAt(bias), At(y));

    /// <summary>The gradient of a depth-wise convolution's map.</summary>
    protected void DepthwiseInputGradient(in MatrixOperand dy, in MatrixOperand weight, in MatrixOperand dMap, int size, int kernel) =>
        DepthwiseConvolutions.Run(Workers, ImagesOf(dy), size, kernel, dy.Columns, At(dy), At(weight), null, At(dMap));

    /// <summary>The gradient of a depth-wise convolution's weight.</summary>
    protected void DepthwiseWeightGradient(in MatrixOperand dy, in MatrixOperand map, in MatrixOperand dWeight, int size, int kernel) =>
        DepthwiseConvolutions.WeightGradient(Workers, ImagesOf(map), size, kernel, map.Columns, At(dy), At(map), At(dWeight));
}
