using VptDsl.Data;

namespace VptDsl.Training.Mixing;

/// <summary>Draws from beta distributions whose two parameters are equal.</summary>
/// <remarks>
/// X / (X + Y) of two gamma variables, by Marsaglia and Tsang's method (2000), with logarithms of both: those of small parameters would be
/// 0 themselves.
/// </remarks>
internal static class BetaDistribution
{
    /// <summary>A number from 0 to 1.</summary>
    /// <param name="alpha">Both parameters, above 0.</param>
    /// <param name="random">Where chance comes from.</param>
    public static double Draw(double alpha, ref RandomStream random)
    {
        double first = LogGamma(alpha, ref random), second = LogGamma(alpha, ref random);
        return 1 / (1 + Math.Exp(second - first));
    }

    /// <summary>The logarithm of a gamma variable.</summary>
    private static double LogGamma(double shape, ref RandomStream random)
    {
        // A variable of a smaller shape is one of shape + 1 times U^(1/shape).
        double boost = shape < 1 ? Math.Log(1 - random.NextDouble()) / shape : 0;
        double d = (shape < 1 ? shape + 1 : shape) - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = random.NextNormal(), root = 1 + (c * normal), cube = root * root * root;
            double uniform = 1 - random.NextDouble();
            if (root > 0 && Math.Log(uniform) < (0.5 * normal * normal) + d - (d * cube) + (d * Math.Log(cube)))
                return Math.Log(d * cube) + boost;
        }
    }
}
