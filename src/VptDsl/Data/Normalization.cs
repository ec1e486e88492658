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
            {
                throw new ArgumentException(
                    $"The mean of channel {channel} is {mean[channel].ToString(CultureInfo.InvariantCulture)}: it must be finite.",
                    nameof(mean));
            }

            if (!float.IsFinite(deviation[channel]) || deviation[channel] <= 0)
            {
                throw new ArgumentException(
                    $"The deviation of channel {channel} is {deviation[channel].ToString(CultureInfo.InvariantCulture)}: "
                        + "it must be above 0 and finite.", nameof(deviation));
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

    /// <summary>What CLIP and EVA-02 were trained with (red, green, blue).</summary>
    public static Normalization Clip { get; } =
        new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

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

    /// <summary>A normalisation from text, in any culture.</summary>
    /// <param name="text">
    /// <c>imagenet</c>, <c>symmetric</c>, <c>clip</c> or <c>none</c>, or numbers: means, a slash, deviations, with spaces or commas
    /// between those of channels, for instance <c>0.5,0.5,0.5/0.5,0.5,0.5</c> or what <see cref="ToString"/> gave.
    /// </param>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static Normalization Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        switch (text.Trim().ToUpperInvariant())
        {
            case "IMAGENET":
                return ImageNet;
            case "SYMMETRIC":
                return Symmetric;
            case "CLIP":
                return Clip;
            case "NONE":
                return None;
        }

        try
        {
            return text.Split('/') is [var means, var deviations]
                ? new Normalization(Numbers(means), Numbers(deviations))
                : throw Unreadable(text, "");
        }
        catch (ArgumentException e)
        {
            throw Unreadable(text, ": " + e.Message.Split(" (Parameter")[0].TrimEnd('.'));
        }
    }

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

    private static float[] Numbers(string list) =>
    [
        .. list.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(
            number => float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                ? value
                : throw Unreadable(list, "")),
    ];

    private static FormatException Unreadable(string text, string why) => new(
        $"\"{text}\" is no normalisation{why}. Write imagenet, symmetric, clip, none, or means and deviations of the channels as in "
            + "0.5,0.5,0.5/0.5,0.5,0.5.");

    private static string Text(ImmutableArray<float> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
