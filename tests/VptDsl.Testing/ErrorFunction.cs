namespace VptDsl.Testing;

/// <summary>The error function to double precision, and the exact GELU that is made of it.</summary>
public static class ErrorFunction
{
    // Below, the series needs few terms; above, the continued fraction does.
    private const double SeriesLimit = 1.5;
    private const int FractionTerms = 150;

    /// <summary>erf(x) = 2/√π ∫₀ˣ exp(-t²) dt.</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        return Math.Sign(x) * (magnitude < SeriesLimit ? Series(magnitude) : 1 - Fraction(magnitude));
    }

    /// <summary>1 - erf(x), without cancellation where it is small.</summary>
    public static double Complement(double x) => x >= SeriesLimit ? Fraction(x) : 1 - Erf(x);

    /// <summary>x·Φ(x), with the standard normal distribution Φ.</summary>
    public static double Gelu(double x) => x * NormalDistribution(x);

    /// <summary>Φ(x) + x·φ(x).</summary>
    public static double GeluDerivative(double x) =>
        NormalDistribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));

    private static double NormalDistribution(double x) => Complement(-x / Math.Sqrt(2)) / 2;

    /// <summary>2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5···(2n+1)): all terms are positive, so nothing cancels.</summary>
    private static double Series(double x)
    {
        double term = x, sum = 0;
        for (int n = 1; term > sum * 1e-18; n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), from the innermost term outwards.</summary>
    private static double Fraction(double x)
    {
        double denominator = x;
        for (int n = FractionTerms; n >= 1; n--)
            denominator = x + (n / 2.0 / denominator);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / denominator;
    }
}
