using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <content>The operations on images and on maps of pixels.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>The images with borders that they share.</summary>
    protected void PadImages(
        in MatrixOperand images,
        in MatrixOperand topBottom,
        in MatrixOperand leftRight,
        in MatrixOperand padded,
        int channels,
        int size,
        int pixels) =>
        ImageBorders.Add(Workers, Batch, channels, size, pixels, At(images), At(topBottom), At(leftRight), At(padded));

    /// <summary>The gradients of images and borders, each where it is asked for; those of the borders are summed over the images.</summary>
    protected void PadImagesGradient(
        in MatrixOperand dPadded,
        in MatrixOperand dImages,
        in MatrixOperand dTopBottom,
        in MatrixOperand dLeftRight,
        int channels,
        int size,
        int pixels)
    {
        Matrix padded = At(dPadded);
        if (dImages.IsPresent)
            ImageBorders.Remove(Workers, Batch, channels, size, pixels, padded, At(dImages));
        if (dTopBottom.IsPresent)
            ImageBorders.SumTopBottom(Workers, Batch, channels, size, pixels, padded, At(dTopBottom));
        if (dLeftRight.IsPresent)
            ImageBorders.SumLeftRight(Workers, Batch, channels, size, pixels, padded, At(dLeftRight));
    }

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

    /// <summary>Blocks of [first, second] elements, each transposed.</summary>
    protected void SwapAxes(in MatrixOperand x, in MatrixOperand swapped, int blocks, int first, int second) =>
        AxisSwap.Run(Workers, ImagesOf(x), blocks, first, second, At(x), x.Columns, At(swapped), swapped.Columns);

    /// <summary>y = x with the rows of each channel scaled and shifted.</summary>
    protected void AffineChannels(in MatrixOperand x, in MatrixOperand y, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts)
    {
        fixed (float* scale = scales, shift = shifts)
            Channels.Affine(Workers, RowsOf(x), x.Columns, x.Rows / scales.Length, At(x), scale, shift, At(y));
    }

    /// <summary>y = x ⊙ gamma, gamma a number for each column.</summary>
    protected void ScaleColumns(in MatrixOperand x, in MatrixOperand gamma, in MatrixOperand y) =>
        ScaleColumns(x, gamma, default, y);

    /// <summary>y = x ⊙ gamma + residual, gamma a number for each column.</summary>
    protected void ScaleColumns(in MatrixOperand x, in MatrixOperand gamma, in MatrixOperand residual, in MatrixOperand y) =>
        Channels.Scale(Workers, RowsOf(x), x.Columns, At(x), RowAt(gamma), At(residual), At(y));

    /// <summary>The sum of dy ⊙ x over all rows.</summary>
    protected void ScaleColumnsGradient(in MatrixOperand dy, in MatrixOperand x, in MatrixOperand dGamma) =>
        Channels.SumOfProducts(Workers, RowsOf(x), x.Columns, At(dy), At(x), RowAt(dGamma));

    /// <summary>A weight with the batch normalisation of its outputs folded in.</summary>
    protected void FoldedWeight(
        in MatrixOperand weight, in MatrixOperand gamma, in MatrixOperand variance, in MatrixOperand folded, float epsilon) =>
        FrozenBatchNorms.Weight(Workers, weight.Rows, weight.Columns, At(weight), RowAt(gamma), RowAt(variance), epsilon, At(folded));

    /// <summary>The gradient of the normalisation's scale through the weight.</summary>
    protected void FoldedWeightGradient(
        in MatrixOperand dFolded, in MatrixOperand weight, in MatrixOperand variance, in MatrixOperand dGamma, float epsilon) =>
        FrozenBatchNorms.WeightGradient(
            Workers, weight.Rows, weight.Columns, At(dFolded), At(weight), RowAt(variance), epsilon, RowAt(dGamma));

    /// <summary>The bias that a batch normalisation leaves.</summary>
    protected void FoldedBias(
        in MatrixOperand gamma, in MatrixOperand beta, in MatrixOperand mean, in MatrixOperand variance, in MatrixOperand bias,
        float epsilon) =>
        FrozenBatchNorms.Bias(bias.Columns, RowAt(gamma), RowAt(beta), RowAt(mean), RowAt(variance), epsilon, RowAt(bias));

    /// <summary>The gradient of the normalisation's scale through the bias.</summary>
    protected void FoldedBiasGradient(
        in MatrixOperand dBias, in MatrixOperand mean, in MatrixOperand variance, in MatrixOperand dGamma, float epsilon) =>
        FrozenBatchNorms.Bias(dGamma.Columns, RowAt(dBias), null, RowAt(mean), RowAt(variance), epsilon, RowAt(dGamma));
}
