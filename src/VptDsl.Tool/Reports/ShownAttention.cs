using System.Globalization;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Training;

namespace VptDsl.Tool.Reports;

/// <summary>Where the model looks in an image.</summary>
/// <param name="File">The image file.</param>
/// <param name="Predicted">What the image is taken for.</param>
/// <param name="Probability">How probable that is.</param>
/// <param name="OnPrompts">The share of the attention that goes to prompts, from 0 to 1; null where the last layer has none.</param>
/// <param name="Maps">PNG files with what they show: the image, where the output looks, and which patches look at prompts.</param>
internal sealed record ShownAttention(
    string File, string Predicted, float Probability, float? OnPrompts, IReadOnlyList<(string Name, byte[] Png)> Maps)
{
    /// <summary>Prompts that are shown, those that are attended to most.</summary>
    private const int MostPrompts = 5;

    /// <summary>Looks on while a model classifies an image file.</summary>
    /// <param name="tuner">The model.</param>
    /// <param name="names">The names of its classes.</param>
    /// <param name="file">The image file.</param>
    /// <exception cref="ArgumentException">The model is no vision transformer, or not on the CPU.</exception>
    public static ShownAttention Of(Tuner tuner, IReadOnlyList<string> names, string file)
    {
        ImagePipeline pipeline = tuner.Pipeline!;
        float[] pixels = pipeline.ReadImage(file), probabilities = tuner.Predict(pixels);
        int predicted = ClassScores.Predicted(probabilities);
        AttentionMaps maps = tuner.AttentionTo(pixels);
        using PixelImage plain = AttentionPicture.Plain(pixels, tuner.Model.ImageSize, pipeline.Normalization);
        bool isKnown = maps.OnPrompts.Length == maps.ByPrompt.Length;
        IEnumerable<int> prompts = Enumerable.Range(0, maps.ByPrompt.Length)
            .OrderByDescending(prompt => isKnown ? maps.OnPrompts[prompt] : 0).ThenBy(prompt => prompt).Take(MostPrompts);
        return new(
            file, names[predicted], probabilities[predicted], maps.OnPrompts.Length > 0 ? maps.OnPrompts.Sum() : null,
            [
                ("image", Thumbnail.Png(plain)),
                ("output", AttentionPicture.Of(plain, maps.Grid, maps.OfOutput)),
                .. prompts.Select(prompt => (
                    string.Create(CultureInfo.InvariantCulture, $"prompt {prompt}"),
                    AttentionPicture.Of(plain, maps.Grid, maps.ByPrompt[prompt]))),
            ]);
    }
}
