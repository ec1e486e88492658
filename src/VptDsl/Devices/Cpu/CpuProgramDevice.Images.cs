namespace VptDsl.Devices.Cpu;

/// <content>The operations on images and on maps of pixels.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>The images with borders that they share.</summary>
    protected void PadImages(
        int channels, int size, int pixels, in MatrixOperand images, in MatrixOperand topBottom, in MatrixOperand leftRight, in MatrixOperand padded) =>
        ImageBorders.Add(Workers, Batch, channels, size, pixels, At(images), At(topBottom), At(leftRight), At(padded));

    /// <summary>The gradients of images and borders, each where it is asked for; those of the borders are summed over the images.</summary>
    protected void PadImagesGradient(
        int channels, int size, int pixels, in MatrixOperand dPadded, in MatrixOperand dImages, in MatrixOperand dTopBottom, in MatrixOperand dLeftRight)
    {
        Matrix padded = At(dPadded);
        if (dImages.IsPresent)
            ImageBorders.Remove(Workers, Batch, channels, size, pixels, padded, At(dImages));
        if (dTopBottom.IsPresent)
            ImageBorders.SumTopBottom(Workers, Batch, channels, size, pixels, padded, At(dTopBottom));
        if (dLeftRight.IsPresent)
            ImageBorders.SumLeftRight(Workers, Batch, channels, size, pixels, padded, At(dLeftRight));
    }
}
