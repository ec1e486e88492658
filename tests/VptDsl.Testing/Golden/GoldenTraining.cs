namespace VptDsl.Testing.Golden;

/// <summary>Optimiser steps on the case's one batch, and what they lead to.</summary>
/// <param name="Losses">The loss before each step and after the last: [steps + 1].</param>
/// <param name="Parameters">The trained parameters after the last step, by VptDsl's names.</param>
public sealed record GoldenTraining(float[] Losses, IReadOnlyDictionary<string, GoldenTensor> Parameters)
{
    public int Steps => Losses.Length - 1;
}

/// <summary>SGD: velocity = momentum · velocity + gradient + decay · value; value -= rate · velocity.</summary>
public sealed record GoldenSgd(double LearningRate, double Momentum, double WeightDecay);

/// <summary>
/// AdamW as in the paper's code: the bias correction is part of the step size, epsilon is added to the uncorrected root, and the decay,
/// from which parameters with "bias" in their name are free, comes after the update and shrinks the updated value.
/// </summary>
public sealed record GoldenAdamW(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay);
