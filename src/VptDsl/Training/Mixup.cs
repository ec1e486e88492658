using System.Globalization;

namespace VptDsl.Training;

/// <summary>
/// Trains on images that are mixed in pairs, with targets mixed alike: mixup (Zhang et al., 2018) and cutmix (Yun et al., 2019), drawn once
/// for each step as timm's <c>Mixup</c> does in its <c>batch</c> mode.
/// </summary>
/// <remarks>
/// An image is mixed with the one at the mirrored place of its batch: the first with the last, and so on. Mixup adds both, λ of the one and
/// 1 − λ of the other; cutmix puts a rectangle of the other into the one, and 1 − λ is its share of the pixels. Both change normalised
/// images, after every augmentation.
/// </remarks>
public sealed record Mixup
{
    /// <summary>λ of mixup comes from a beta distribution with this number twice; 0 switches mixup off.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>λ of cutmix comes from a beta distribution with this number twice; 0, the default, switches cutmix off.</summary>
    public double CutmixAlpha { get; init; }

    /// <summary>How often a step is mixed, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How often a step that is mixed has cutmix where both are on, from 0 to 1.</summary>
    public double CutmixProbability { get; init; } = 0.5;

    /// <summary>Its numbers.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"mixup {Alpha:R}, cutmix {CutmixAlpha:R}, probability {Probability:R}, of it cutmix {CutmixProbability:R}");

    /// <summary>What makes no sense: the name, the value, and what it must be; null where everything does.</summary>
    internal (string Name, double Value, string Requirement)? Problem()
    {
        if (!(Alpha >= 0 && double.IsFinite(Alpha)))
            return (nameof(Alpha), Alpha, "must be 0 or more, and finite.");
        if (!(CutmixAlpha >= 0 && double.IsFinite(CutmixAlpha)))
            return (nameof(CutmixAlpha), CutmixAlpha, "must be 0 or more, and finite.");
        if (Probability is not (>= 0 and <= 1))
            return (nameof(Probability), Probability, "lies between 0 and 1.");
        if (CutmixProbability is not (>= 0 and <= 1))
            return (nameof(CutmixProbability), CutmixProbability, "lies between 0 and 1.");
        return Alpha == 0 && CutmixAlpha == 0
            ? (nameof(Alpha), Alpha, $"and {nameof(CutmixAlpha)} are both 0, which mixes nothing: leave Mixup out.")
            : null;
    }
}
