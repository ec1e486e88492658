namespace VptDsl.Training;

/// <summary>How often the class of an image was the most probable one, the second, and so on.</summary>
internal sealed class LabelRanks(int classes)
{
    private readonly long[] _images = new long[classes];

    /// <summary>Counts an image.</summary>
    /// <param name="logits">Its logits, as many as there are classes.</param>
    /// <param name="label">Its class.</param>
    public void Add(ReadOnlySpan<float> logits, int label) => _images[ClassScores.Rank(logits, label)]++;

    /// <summary>The share of the images whose class was among the most probable; NaN if there were none.</summary>
    /// <param name="k">How many of the most probable classes.</param>
    public double ShareWithin(int k) => _images.Take(k).Sum() / (double)_images.Sum();
}
