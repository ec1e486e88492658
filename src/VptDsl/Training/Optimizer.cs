using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>
/// How gradients become updates. Start from <see cref="Sgd"/> or <see cref="AdamW"/> and change what you need: <c>Optimizer.Sgd with
/// { WeightDecay = 0 }</c>.
/// </summary>
public sealed record Optimizer
{
    private Optimizer()
    {
    }

    /// <summary>
    /// Stochastic gradient descent with momentum 0.9 and L2 weight decay 0.001 on everything but the head's bias: the paper's choice
    /// for prompts and linear probes.
    /// </summary>
    public static Optimizer Sgd { get; } = new()
    {
        Kind = OptimizerKind.Sgd,
        Momentum = 0.9f,
        WeightDecay = 0.001f,
        Decayed = DecayedParameters.AllButHeadBias,
        UsualBaseLearningRate = 1.0,
    };

    /// <summary>
    /// AdamW with betas 0.9 and 0.999, epsilon 1e-6 and decoupled weight decay 0.01 on everything but biases: the paper's choice for
    /// training everything.
    /// </summary>
    public static Optimizer AdamW { get; } = new()
    {
        Kind = OptimizerKind.AdamW,
        Momentum = 0.9f,
        SecondBeta = 0.999f,
        Epsilon = 1e-6f,
        WeightDecay = 0.01f,
        Decayed = DecayedParameters.AllButBiases,
        UsualBaseLearningRate = 0.001,
    };

    /// <summary>SGD or AdamW.</summary>
    public OptimizerKind Kind { get; private init; }

    /// <summary>SGD's momentum, or AdamW's first beta; at least 0 and below 1.</summary>
    public float Momentum { get; init; }

    /// <summary>AdamW's second beta; at least 0 and below 1. SGD has none.</summary>
    public float SecondBeta { get; init; }

    /// <summary>AdamW's epsilon, above 0. SGD has none.</summary>
    public float Epsilon { get; init; }

    /// <summary>The weight decay, at least 0. The paper tries 0.01, 0.001, 0.0001 and 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Which trained parameters are decayed.</summary>
    public DecayedParameters Decayed { get; init; }

    /// <summary>The base learning rate when <see cref="FitOptions.BaseLearningRate"/> is left out.</summary>
    internal double UsualBaseLearningRate { get; private init; }

    /// <summary>The update of one step.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="number">The number of the update, from 1.</param>
    /// <param name="rates">Which parameters learn at which share of the rate; empty where all learn at the same.</param>
    internal OptimizerUpdate Update(double learningRate, int number, ReadOnlyMemory<RateRun> rates = default) => new()
    {
        Kind = Kind,
        LearningRate = (float)learningRate,
        Momentum = Momentum,
        SecondBeta = SecondBeta,
        Epsilon = Epsilon,
        WeightDecay = WeightDecay,
        Decayed = Decayed,
        Number = number,
        Rates = rates,
    };

    /// <summary>Its kind and numbers.</summary>
    public override string ToString()
    {
        string adam = Kind == OptimizerKind.AdamW ? FormattableString.Invariant($" and {SecondBeta}, epsilon {Epsilon}") : "";
        return FormattableString.Invariant($"{Kind}, momentum {Momentum}{adam}, weight decay {WeightDecay} on {Decayed}");
    }

    internal void Validate()
    {
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "must be at least 0 and below 1");
        Require(SecondBeta is >= 0 and < 1, nameof(SecondBeta), SecondBeta, "must be at least 0 and below 1");
        Require(float.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "must be 0 or more");
        Require(Kind != OptimizerKind.AdamW || (float.IsFinite(Epsilon) && Epsilon > 0), nameof(Epsilon), Epsilon, "must be above 0");
        string? decayed = Enumeration.Requirement(Decayed);
        Require(decayed is null, nameof(Decayed), Decayed, decayed ?? "");
    }

    private static void Require(bool holds, string name, object value, string requirement)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException($"Optimizer.{name}", value, $"The optimiser's {name} {requirement}.");
    }
}
