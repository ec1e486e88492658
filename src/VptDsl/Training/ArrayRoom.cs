using System.Globalization;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Refuses what is larger than an array before anything is allocated or computed.</summary>
internal static class ArrayRoom
{
    /// <summary>Requires that the results of a call fit into the array that it returns.</summary>
    /// <param name="images">The images of the call.</param>
    /// <param name="each">The floats that each of them gives.</param>
    /// <param name="parameter">What the caller calls the images.</param>
    /// <returns>Floats in all.</returns>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static int RequireResults(int images, long each, string parameter)
    {
        if (!Fits(images, each))
        {
            throw new ArgumentException(
                Text(
                    $"{images} images give {each} floats each, more than an array holds ({Array.MaxLength}): give fewer images in a call."),
                parameter);
        }

        return (int)(images * each);
    }

    /// <summary>Requires that what a batch of images takes and gives fits into arrays.</summary>
    /// <param name="program">What computes the batch.</param>
    /// <param name="images">The images of the batch.</param>
    /// <param name="parameter">What the caller calls the size of a batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit.</exception>
    public static void RequireBatch(ModelProgram program, int images, string parameter)
    {
        ModelDescription model = program.Model;
        // The logits of label maps are read an image at a time.
        long logits = (long)model.Classes * (model.IsOfPixels ? model.LabelsPerImage : 1);
        if (!Fits(1, logits))
        {
            throw new ArgumentException(
                Text($"An image gives {model.Name} {logits} logits, more than an array holds ({Array.MaxLength}): declare fewer classes."));
        }

        long each = Math.Max(Math.Max(model.ImageFloats, program.FeatureFloats), model.IsOfPixels ? 0 : logits);
        if (!Fits(images, each))
        {
            throw new ArgumentOutOfRangeException(
                parameter, images,
                Text($"A batch of {images} images has {each} floats for each, more than an array holds ({Array.MaxLength}): ")
                    + "make it smaller.");
        }
    }

    private static bool Fits(int images, long each) => images == 0 || each <= Array.MaxLength / images;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
