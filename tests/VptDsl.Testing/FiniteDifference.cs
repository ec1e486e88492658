namespace VptDsl.Testing;

/// <summary>Slopes by evaluating a function near a point: what a gradient is checked against.</summary>
public static class FiniteDifference
{
    private const double Step = 2.5e-4;

    /// <summary>
    /// The derivative of <paramref name="function"/> at <paramref name="point"/> along <paramref name="direction"/>, by the five-point
    /// central difference: its error falls with the fourth power of the step.
    /// </summary>
    public static double Along(Func<double[], double> function, double[] point, double[] direction)
    {
        double At(double step) => function(point.Zip(direction, (p, d) => p + (step * d)).ToArray());

        return ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
    }
}
