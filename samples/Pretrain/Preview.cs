using Pretrain.Rendering;
using SkiaSharp;
using VptDsl.Data;

namespace Pretrain;

/// <summary>A sheet with some of the images that training sees.</summary>
internal static class Preview
{
    private const int Columns = 32, Rows = 24, Gap = 2;

    /// <summary>Writes it.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="images">Where the images are from.</param>
    /// <param name="normalization">What made pixels what they are there.</param>
    /// <param name="seed">Decides which images are shown, and how.</param>
    public static void Save(string path, IAugmentedSource images, Normalization normalization, int seed)
    {
        const int Cell = Renderer.Side + Gap;
        using var sheet = new SKBitmap(Columns * Cell, Rows * Cell);
        float[] image = new float[images.Shape.Floats];
        for (int cell = 0; cell < Columns * Rows; cell++)
        {
            var random = new RandomStream(seed, cell);
            images.CopyAugmented(random.NextInt(images.Count), image, ref random);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                byte grey = (byte)MathF.Round(255 * ((image[pixel] * normalization.Deviation[0]) + normalization.Mean[0]));
                sheet.SetPixel(
                    (cell % Columns * Cell) + (pixel % Renderer.Side), (cell / Columns * Cell) + (pixel / Renderer.Side),
                    new SKColor(grey, grey, grey));
            }
        }

        using SKData png = sheet.Encode(SKEncodedImageFormat.Png, quality: 100);
        Files.Replace(path, png.AsSpan());
    }
}
