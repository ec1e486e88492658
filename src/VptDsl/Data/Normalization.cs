using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.Data;

/// <summary>How pixels become a model's input: (pixel − mean) / deviation for each channel, pixels running from 0 to 1.</summary>
/// <remarks>Use the numbers that the backbone was pre-trained with, not those of the images it is tuned on.</remarks>
public sealed class Normalization
{
    /// <summary>Sets the numbers of each channel.</summary>
    /// <param name="mean">One mean a channel, in units of full brightness (0 to 1).</param>
    /// <param name="deviation">One standard deviation a channel, above 0.</param>
    /// <exception cref="ArgumentException">The lists are empty, differ in length, or hold a number that cannot be used.</exception>
    public Normalization(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (mean.Length == 0 || mean.Length != deviation.Length)
        {
            throw new ArgumentException(
                $"A normalisation needs one mean and one deviation for each channel, but has {mean.Length} and {deviation.Length}.");
        }

        for (int channel = 0; channel < mean.Length; channel++)
        {
            if (!float.IsFinite(mean[channel]))
                throw new ArgumentException($"The mean of channel {channel} is {mean[channel].ToString(CultureInfo.InvariantCulture)}: it must be finite.", nameof(mean));
            if (!float.IsFinite(deviation[channel]) || deviation[channel] <= 0)
            {
                throw new ArgumentException(
                    $"The deviation of channel {channel} is {deviation[channel].ToString(CultureInfo.InvariantCulture)}: it must be above 0 and finite.", nameof(deviation));
            }
        }

        Mean = [.. mean];
        Deviation = [.. deviation];
    }

    /// <summary>Sets the numbers of a grey image.</summary>
    public Normalization(float mean, float deviation)
        : this([mean], [deviation])
    {
    }

    /// <summary>
    /// What nearly all backbones trained on ImageNet take (red, green, blue); the paper's code uses it for every backbone.
    /// </summary>
    public static Normalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>From −1 to 1 for three channels: the augmented ViT checkpoints of timm were trained so.</summary>
    public static Normalization Symmetric { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>No change: three channels from 0 to 1.</summary>
    public static Normalization None { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>The mean of each channel.</summary>
    public ImmutableArray<float> Mean { get; }

    /// <summary>The standard deviation of each channel.</summary>
    public ImmutableArray<float> Deviation { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => Mean.Length;

    /// <summary>The input that a pixel becomes.</summary>
    /// <param name="channel">The pixel's channel.</param>
    /// <param name="pixel">Its brightness from 0 to 1.</param>
    public float Apply(int channel, float pixel) => (pixel - Mean[channel]) / Deviation[channel];

    /// <summary>The numbers as text: means, a slash, deviations.</summary>
    public override string ToString() => $"{Text(Mean)} / {Text(Deviation)}";

    /// <summary>What each byte becomes, [channels, 256]: a look-up gives the same bits as the arithmetic and is faster.</summary>
    internal float[] ByteValues()
    {
        float[] values = new float[Channels * 256];
        for (int i = 0; i < values.Length; i++)
            values[i] = Apply(i / 256, (i % 256) / 255f);
        return values;
    }

    private static string Text(ImmutableArray<float> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
