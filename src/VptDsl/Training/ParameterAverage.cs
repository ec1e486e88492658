using System.Globalization;

namespace VptDsl.Training;

/// <summary>
/// An exponential moving average of the trained parameters, which is measured, kept and saved in their place: timm's <c>ModelEmaV3</c>.
/// </summary>
/// <remarks>
/// After each update average = d · average + (1 − d) · parameters; running statistics are averaged alike. The first update begins the
/// average with its own result.
/// </remarks>
public sealed record ParameterAverage
{
    /// <summary>d in the long run, at least 0 and below 1. With few updates a smaller one than this, or <see cref="Warmup"/>.</summary>
    public double Decay { get; init; } = 0.9999;

    /// <summary>Whether d rises towards <see cref="Decay"/>: after update n, it is 1 − (1 + (n − 1) / γ)^−p at most.</summary>
    public bool Warmup { get; init; }

    /// <summary>γ of the warm-up in updates, above 0: how far it is stretched.</summary>
    public double WarmupGamma { get; init; } = 1;

    /// <summary>p of the warm-up, above 0: 2/3 for long runs, 3/4 for short ones.</summary>
    public double WarmupPower { get; init; } = 2 / 3.0;

    /// <summary>Its numbers.</summary>
    public override string ToString()
    {
        string warmup = Warmup ? FormattableString.Invariant($", warm-up {WarmupGamma:R} to the power {WarmupPower:R}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"decay {Decay:R}{warmup}");
    }

    /// <summary>d of an update.</summary>
    /// <param name="number">The number of the update, from 1.</param>
    internal double DecayAt(int number)
    {
        if (number <= 1)
            return 0;
        return Warmup ? Math.Min(Decay, 1 - Math.Pow(1 + ((number - 1) / WarmupGamma), -WarmupPower)) : Decay;
    }

    /// <summary>What makes no sense: the name, the value, and what it must be; null where everything does.</summary>
    internal (string Name, double Value, string Requirement)? Problem()
    {
        if (Decay is not (>= 0 and < 1))
            return (nameof(Decay), Decay, "must be at least 0 and below 1.");
        if (!(WarmupGamma > 0 && double.IsFinite(WarmupGamma)))
            return (nameof(WarmupGamma), WarmupGamma, "must be above 0, and finite.");
        return WarmupPower > 0 && double.IsFinite(WarmupPower)
            ? null
            : (nameof(WarmupPower), WarmupPower, "must be above 0, and finite.");
    }
}
