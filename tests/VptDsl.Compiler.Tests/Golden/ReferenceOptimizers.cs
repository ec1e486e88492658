using VptDsl.Testing.Golden;

namespace VptDsl.Compiler.Tests.Golden;

/// <summary>The paper's optimisers in double precision, one parameter at a time.</summary>
internal sealed class ReferenceOptimizers
{
    /// <summary>Makes an SGD update that remembers each parameter's velocity.</summary>
    /// <param name="sgd">The settings.</param>
    /// <param name="decays">Which parameters weight decay applies to.</param>
    public static Update Sgd(GoldenSgd sgd, Func<string, bool> decays)
    {
        var velocities = new Dictionary<string, double[]>();
        return (name, value, gradient, _) =>
        {
            if (!velocities.TryGetValue(name, out double[]? velocity))
                velocities.Add(name, velocity = new double[value.Length]);
            return value.Select((v, i) =>
            {
                velocity[i] = (sgd.Momentum * velocity[i]) + gradient[i] + (decays(name) ? sgd.WeightDecay * v : 0);
                return v - (sgd.LearningRate * velocity[i]);
            }).ToArray();
        };
    }

    /// <summary>Makes an AdamW update that remembers each parameter's moments.</summary>
    public static Update AdamW(GoldenAdamW adamW)
    {
        var moments = new Dictionary<string, (double[] First, double[] Second)>();
        return (name, value, gradient, step) =>
        {
            if (!moments.TryGetValue(name, out (double[] First, double[] Second) m))
                moments.Add(name, m = (new double[value.Length], new double[value.Length]));
            double rate = adamW.LearningRate * Math.Sqrt(1 - Math.Pow(adamW.Beta2, step)) / (1 - Math.Pow(adamW.Beta1, step));
            double decay = name.Contains("bias", StringComparison.Ordinal) ? 0 : adamW.WeightDecay;
            return value.Select((v, i) =>
            {
                m.First[i] = (adamW.Beta1 * m.First[i]) + ((1 - adamW.Beta1) * gradient[i]);
                m.Second[i] = (adamW.Beta2 * m.Second[i]) + ((1 - adamW.Beta2) * gradient[i] * gradient[i]);
                double updated = v - (rate * m.First[i] / (Math.Sqrt(m.Second[i]) + adamW.Epsilon));
                return updated - (adamW.LearningRate * decay * updated);
            }).ToArray();
        };
    }
}

/// <summary>A parameter's new value.</summary>
/// <param name="name">Which parameter.</param>
/// <param name="value">Its value before the step.</param>
/// <param name="gradient">Its gradient.</param>
/// <param name="step">The number of the step, from 1.</param>
internal delegate double[] Update(string name, double[] value, double[] gradient, int step);
