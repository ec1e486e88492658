namespace VptDsl.Tests.Cpu;

/// <summary>Functions in double precision that the routines are compared with.</summary>
internal static class Reference
{
    /// <summary>The error function: its series for small, its continued fraction for large arguments; exact to 1e-14.</summary>
    public static double Erf(double x)
    {
        double z = Math.Abs(x);
        if (z > 6)
        {
            return Math.Sign(x);
        }

        if (z < 3)
        {
            double term = z, sum = z;
            for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            {
                term *= -z * z / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = 0;
        for (int n = 60; n >= 1; n--)
        {
            fraction = n / 2.0 / (z + fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-z * z) / Math.Sqrt(Math.PI) / (z + fraction)));
    }

    /// <summary>The activation of a kind.</summary>
    public static double Value(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Gelu => Gelu(x),
        ActivationKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(TanhArgument(x))),
        ActivationKind.QuickGelu => x * Logistic(1.702 * x),
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Silu => x * Logistic(x),
        _ => throw new NotSupportedException($"There is no reference for {kind}."),
    };

    /// <summary>Its derivative.</summary>
    public static double Derivative(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Gelu => GeluDerivative(x),
        ActivationKind.GeluTanh => (0.5 * (1 + Math.Tanh(TanhArgument(x))))
            + (0.5 * x * Math.Pow(Math.Cosh(TanhArgument(x)), -2) * Math.Sqrt(2 / Math.PI) * (1 + (0.134145 * x * x))),
        ActivationKind.QuickGelu => Logistic(1.702 * x) * (1 + (1.702 * x * Logistic(-1.702 * x))),
        ActivationKind.Relu => x > 0 ? 1 : 0,
        ActivationKind.Silu => Logistic(x) * (1 + (x * Logistic(-x))),
        _ => throw new NotSupportedException($"There is no reference for the derivative of {kind}."),
    };

    public static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    public static double GeluDerivative(double x) =>
        (0.5 * (1 + Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));

    private static double TanhArgument(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
