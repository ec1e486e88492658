namespace VptDsl.Devices.Cpu;

/// <content>Convolutions and pooling over maps of pixels.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>
    /// c = activation(patches of the map · weightᵀ + bias) + residual, the patches packed as they are multiplied; with a gate, times the
    /// activation's derivative there.
    /// </summary>
    protected void SlidingProduct(
        in MatrixOperand map,
        in MatrixOperand weight,
        in MatrixOperand c,
        SlidingPatch grid,
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
            Patches = grid,
            B = At(weight),
            BInPairs = weight.InPairs,
            C = At(c),
            Bias = RowAt(bias),
            Activation = activation,
            Pre = At(beforeActivation),
            Gate = At(gate),
            Residual = At(residual),
        });

    /// <summary>A convolution's weight turned around, which makes its input's gradient of its output's.</summary>
    protected void FlippedWeight(in MatrixOperand weight, in MatrixOperand flipped, int taps) =>
        SlidingPatches.Flip(Workers, taps, weight.Columns / taps, weight.Rows, At(weight), At(flipped));

    /// <summary>The patches of each map, one a row.</summary>
    protected void ExtractSlidingPatches(in MatrixOperand map, in MatrixOperand patches, SlidingPatch grid) =>
        SlidingPatches.Extract(Workers, ImagesOf(map), grid, map.Columns, At(map), At(patches));

    /// <summary>Each pixel's sum over the patches that hold it.</summary>
    protected void FoldSlidingPatches(in MatrixOperand dPatches, in MatrixOperand dMap, SlidingPatch grid) =>
        SlidingPatches.Fold(Workers, ImagesOf(dMap), grid, dMap.Columns, At(dPatches), At(dMap));

    /// <summary>The largest value of each channel in each patch.</summary>
    protected void MaxPool(in MatrixOperand map, in MatrixOperand y, SlidingPatch grid) =>
        MaxPools.Forward(Workers, ImagesOf(map), grid, map.Columns, At(map), At(y));

    /// <summary>The gradient of the largest values: of equal ones in a patch, the first has all of it.</summary>
    protected void MaxPoolGradient(
        in MatrixOperand dy, in MatrixOperand map, in MatrixOperand y, in MatrixOperand dMap, SlidingPatch grid) =>
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
