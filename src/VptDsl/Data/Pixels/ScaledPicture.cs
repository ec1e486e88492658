namespace VptDsl.Data.Pixels;

/// <summary>A whole picture, normalised, in the scale that windows slide over it.</summary>
/// <param name="Pixels">[channels, height, width].</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="FileHeight">Rows of pixels before scaling.</param>
/// <param name="FileWidth">Pixels in a row before scaling.</param>
internal sealed record ScaledPicture(float[] Pixels, int Height, int Width, int FileHeight, int FileWidth)
{
    /// <summary>Reads a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pipeline">
    /// Says what pixels become, with one channel grey ones first, and whether pictures are turned upright. Its steps do not happen.
    /// </param>
    /// <param name="shortSide">What the shorter side is brought to; null where the picture stays as it is.</param>
    /// <param name="atLeast">What the shorter side has at the least: smaller pictures are enlarged to it.</param>
    /// <param name="interpolation">How it is resized.</param>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public static ScaledPicture Read(string path, ImagePipeline pipeline, int? shortSide, int atLeast, Interpolation interpolation)
    {
        Normalization normalization = pipeline.Normalization;
        using PixelImage read = pipeline.Turn(ImageFileReader.Read(path));
        int side = Math.Min(read.Width, read.Height), wanted = Math.Max(atLeast, shortSide ?? side);
        try
        {
            RandomStream unused = default;
            PixelImage scaled = wanted == side
                ? read.Crop(0, 0, read.Width, read.Height)
                : new ResizeShortSideStep(wanted, interpolation).Apply(read, ref unused);
            var picture = new ScaledPicture(
                new float[normalization.Channels * scaled.Width * scaled.Height], scaled.Height, scaled.Width, read.Height, read.Width);
            new ImagePipeline(normalization).Run(scaled, picture.Pixels);
            return picture;
        }
        catch (InvalidDataException e)
        {
            throw ImageFileReader.Unfit(path, list: null, entry: null, e);
        }
    }
}
