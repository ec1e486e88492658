using System.Globalization;

namespace VptDsl.Data;

/// <summary>Mirrors an image left to right, by default in half of all cases.</summary>
/// <param name="probability">How often, from 0 to 1.</param>
public sealed class RandomHorizontalFlip(float probability = 0.5f) : IImageTransform
{
    private readonly float _probability = probability is >= 0 and <= 1
        ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");

    /// <summary>What it does, for logs and to tell runs apart.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"random-flip {_probability:R}");

    /// <inheritdoc/>
    public void Apply(Span<float> image, ImageShape shape, ref RandomStream random)
    {
        if (random.NextFloat() >= _probability)
            return;

        for (int row = 0; row < shape.Channels * shape.Height; row++)
            image.Slice(row * shape.Width, shape.Width).Reverse();
    }
}
