using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Graph;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>Compares the gradients that a graph computes with slopes of its loss.</summary>
internal static class GradientCheck
{
    // In double precision the difference quotient is good to about 1e-9 of the gradient's length.
    private const double Tolerance = 1e-7;

    /// <summary>Checks every trained parameter along random directions.</summary>
    /// <param name="forward">A graph that ends in losses.</param>
    /// <param name="trained">The parameters that must get a gradient; no other may.</param>
    /// <param name="inputs">Where the slopes are taken.</param>
    /// <param name="directions">How many directions for each parameter.</param>
    public static void Run(DataflowGraph forward, IEnumerable<Parameter> trained, GraphInputs inputs, int directions)
    {
        var random = new Random(1);
        IReadOnlyDictionary<string, double[]> gradients = GraphInterpreter.Evaluate(ReverseMode.Differentiate(forward), inputs).Gradients();
        Assert.Equal(trained.Select(p => p.Name).Order(), gradients.Keys.Order());

        // A gradient may vanish exactly, as that of a key's bias does; its slopes then vanish on the scale of the others.
        double largest = gradients.Values.Max(Length);
        Assert.True(largest > 1e-6, "The loss does not depend on what is trained: nothing is checked.");
        foreach ((string name, double[] gradient) in gradients)
        {
            for (int i = 0; i < directions; i++)
            {
                double[] direction = RandomInputs.Uniform(random, gradient.Length, 1);
                double slope = FiniteDifference.Along(
                    value => GraphInterpreter.Evaluate(forward, inputs.With(name, value)).Loss, inputs.Parameters[name], direction);
                double expected = gradient.Zip(direction, (g, d) => g * d).Sum();
                double error = Math.Abs(slope - expected) / (Length(gradient) + (1e-2 * largest));
                Assert.True(
                    error <= Tolerance, $"{name}: the slope is {slope}, the gradient says {expected} (error {error:E1}).\n{forward}");
            }
        }
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(v => v * v));
}
