using VptDsl.Devices.Cpu;

namespace VptDsl.Training;

/// <summary>What logits say about an image, computed on the host.</summary>
internal static class ClassScores
{
    /// <summary>The class with the highest logit; the lowest of them, if several are equal. NaN is below every number.</summary>
    public static int Predicted(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best] || float.IsNaN(logits[best]))
                best = i;
        }

        return best;
    }

    /// <summary>
    /// How many classes come before a class: those of a higher logit, and the lower ones of its own. NaN is below every number.
    /// </summary>
    public static int Rank(ReadOnlySpan<float> logits, int label)
    {
        int before = 0;
        float own = logits[label];
        for (int i = 0; i < logits.Length; i++)
        {
            int order = logits[i].CompareTo(own);
            if (order > 0 || (order == 0 && i < label))
                before++;
        }

        return before;
    }

    /// <summary>The cross-entropy of an image: −log softmax(logits)[label]. NaN if a logit is NaN.</summary>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double highest = logits[Predicted(logits)];
        return Math.Log(SumOfExponentials(logits, highest)) - (logits[label] - highest);
    }

    /// <summary>Writes the probability of each class; the two may be the same memory.</summary>
    /// <param name="logits">Of an image, or of a pixel.</param>
    /// <param name="probabilities">As many.</param>
    /// <param name="isMultiLabel">Whether each class has a probability of its own; otherwise they sum to 1.</param>
    public static void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities, bool isMultiLabel)
    {
        if (isMultiLabel)
            Sigmoids(logits, probabilities);
        else
            Probabilities(logits, probabilities);
    }

    /// <summary>Writes the softmax of logits; the two may be the same memory.</summary>
    public static void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        double highest = logits[Predicted(logits)];
        double sum = SumOfExponentials(logits, highest);
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] = (float)(Math.Exp(logits[i] - highest) / sum);
    }

    /// <summary>Writes the sigmoid of each logit; the two may be the same memory.</summary>
    public static void Sigmoids(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] = (float)BinaryLosses.Sigmoid(logits[i]);
    }

    // Relative to the highest logit, so that no exponential overflows and none but tiny ones are lost.
    private static double SumOfExponentials(ReadOnlySpan<float> logits, double highest)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - highest);
        return sum;
    }
}
