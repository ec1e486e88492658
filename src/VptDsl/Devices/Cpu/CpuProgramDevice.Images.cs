namespace VptDsl.Devices.Cpu;

/// <content>What cuts, joins, moves or enlarges the rows of images.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>A copy, to every image where x has no batch.</summary>
    protected void Copy(in MatrixOperand x, in MatrixOperand copy) =>
        Elementwise.Copy(Workers, RowsOf(copy), copy.Columns, At(x), At(copy));

    /// <summary>x among zeros.</summary>
    protected void PadRows(in MatrixOperand x, in MatrixOperand padded, int start)
    {
        Elementwise.Fill(Workers, RowsOf(padded), padded.Columns, 0, At(padded));
        Elementwise.Copy(Workers, RowsOf(x), x.Columns, At(x), RowsFrom(padded, start, x.Rows));
    }

    /// <summary>x with part added from a row on; the sum may lie where x lies.</summary>
    protected void AddRows(in MatrixOperand x, in MatrixOperand part, in MatrixOperand sum, int start)
    {
        if (x != sum)
            Elementwise.Copy(Workers, RowsOf(x), x.Columns, At(x), At(sum));
        Matrix target = RowsFrom(sum, start, part.Rows);
        Elementwise.Add(Workers, RowsOf(part), part.Columns, target, At(part), target);
    }

    /// <summary>The patches of each image, row-major.</summary>
    protected void ExtractPatches(
        in MatrixOperand images, in MatrixOperand patches, int channels, PlaneSize size, PlaneSize patch) =>
        Patches.Extract(Workers, Batch, channels, size, patch, At(images).Data, images.ImageStride, At(patches));

    /// <summary>Images of their patches.</summary>
    protected void FoldPatches(
        in MatrixOperand patches, in MatrixOperand images, int channels, PlaneSize size, PlaneSize patch) =>
        Patches.Fold(Workers, Batch, channels, size, patch, At(patches), At(images).Data, images.ImageStride);

    /// <summary>The images with borders that they share.</summary>
    protected void PadImages(
        in MatrixOperand images,
        in MatrixOperand topBottom,
        in MatrixOperand leftRight,
        in MatrixOperand padded,
        int channels,
        PlaneSize size,
        int pixels) =>
        ImageBorders.Add(Workers, Batch, channels, size, pixels, At(images), At(topBottom), At(leftRight), At(padded));

    /// <summary>The gradients of images and borders, each where it is asked for; those of the borders are summed over the images.</summary>
    protected void PadImagesGradient(
        in MatrixOperand dPadded,
        in MatrixOperand dImages,
        in MatrixOperand dTopBottom,
        in MatrixOperand dLeftRight,
        int channels,
        PlaneSize size,
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

    /// <summary>Square maps of pixels, enlarged by bilinear interpolation.</summary>
    protected void Upsample(in MatrixOperand map, in MatrixOperand enlarged, int size, int factor) =>
        Upsamples.Forward(Workers, ImagesOf(map), size, factor, map.Columns, At(map), At(enlarged));

    /// <summary>The gradient of the enlarged maps' source.</summary>
    protected void UpsampleGradient(in MatrixOperand dEnlarged, in MatrixOperand dMap, int size, int factor) =>
        Upsamples.Backward(Workers, ImagesOf(dMap), size, factor, dMap.Columns, At(dEnlarged), At(dMap));

    /// <summary>2 x 2 neighbouring tokens side by side.</summary>
    protected void MergeNeighbours(in MatrixOperand x, in MatrixOperand merged, int side) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: false);

    /// <summary>Merged tokens back at their places.</summary>
    protected void SplitNeighbours(in MatrixOperand merged, in MatrixOperand x, int side) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: true);

    /// <summary>Blocks of [first, second] elements, each transposed.</summary>
    protected void SwapAxes(in MatrixOperand x, in MatrixOperand swapped, int blocks, int first, int second) =>
        AxisSwap.Run(Workers, ImagesOf(x), blocks, first, second, At(x), x.Columns, At(swapped), swapped.Columns);

    private Matrix RowsFrom(in MatrixOperand whole, int start, int rows)
    {
        Matrix all = At(whole);
        return new Matrix(all.Data + (start * whole.RowStride), rows, whole.ImageStride, whole.RowStride);
    }
}
