using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Everything that can be read of a model after some work on one batch.</summary>
/// <param name="Inferred">Logits of inference.</param>
/// <param name="Logits">Logits of the first step.</param>
/// <param name="Losses">Losses of each step.</param>
/// <param name="Gradients">Gradients of the first step.</param>
/// <param name="Trained">Trained parameters after the last update.</param>
/// <param name="Parameters">Which of the gradients and trained parameters belong together.</param>
internal sealed record ModelRun(
    float[] Inferred, float[] Logits, float[] Losses, float[] Gradients, float[] Trained, IReadOnlyList<ParameterDescription> Parameters)
{
    private const int Steps = 3;

    private const double GradientTolerance = 1e-4;

    // What rounding leaves in every sum, relative to the model's largest gradient: 16 units in the last place of a float.
    private const double Rounding = 16.0 / (1 << 24);

    /// <summary>Inference, then three steps with an optimiser.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="kind">The optimiser.</param>
    /// <param name="rounded">Parameters that get numbers of bfloat16.</param>
    public static ModelRun Of(DrawnModel model, Device device, OptimizerKind kind, IReadOnlySet<string>? rounded = null)
    {
        using Tuner tuner = model.Create(device, rounded);
        ModelProgram program = tuner.Compiled;
        program.SetBatch(model.Images, model.Labels);
        program.Infer();
        float[] inferred = ReadLogits(program, model.Batch);

        var losses = new List<float>();
        float[] logits = [], gradients = [];
        for (int step = 1; step <= Steps; step++)
        {
            program.Step();
            float[] now = new float[model.Batch];
            program.ReadLosses(now);
            losses.AddRange(now);
            if (step == 1)
            {
                logits = ReadLogits(program, model.Batch);
                gradients = Read(program, Region.Gradients);
            }

            program.Update(new OptimizerUpdate
            {
                Kind = kind,
                LearningRate = 0.02f,
                WeightDecay = 0.05f,
                Decayed = kind == OptimizerKind.Sgd ? DecayedParameters.AllButHeadBias : DecayedParameters.AllButBiases,
                Momentum = 0.9f,
                SecondBeta = 0.999f,
                Epsilon = 1e-3f,
                Number = step,
            });
        }

        ParameterDescription[] parameters = [.. program.Model.Parameters.Where(p => p.Trained)];
        return new(inferred, logits, [.. losses], gradients, Read(program, Region.Trained), parameters);
    }

    /// <param name="expected">What another device computed.</param>
    /// <param name="gradients">The gradients of the first step in double precision: of what is ill-conditioned, such as a normalisation
    /// over two images, two devices' rounding may differ by more than either's distance from these.</param>
    public void AssertNear(ModelRun expected, IReadOnlyDictionary<string, double[]> gradients)
    {
        AssertNear("logits of inference", Inferred, expected.Inferred, 1e-4);
        AssertNear("logits", Logits, expected.Logits, 1e-4);
        AssertGradientsNear(gradients);
        AssertNear("losses of three steps", Losses, expected.Losses, 1e-3);
        foreach (ParameterDescription parameter in Parameters)
            AssertNear($"{parameter.Name} after three steps", Of(parameter, Trained), Of(parameter, expected.Trained), 1e-3);
    }

    public void AssertSame(ModelRun expected)
    {
        Assert.Equal(expected.Inferred, Inferred);
        Assert.Equal(expected.Losses, Losses);
        Assert.Equal(expected.Gradients, Gradients);
        Assert.Equal(expected.Trained, Trained);
    }

    /// <remarks>
    /// Each parameter's by itself: a large gradient of the head must not hide a wrong small one of a prompt. Only what the tolerance cannot
    /// tell from zero is measured by the model's largest: of a bias before a normalisation, whose gradient is zero, there is nothing but
    /// rounding.
    /// </remarks>
    private void AssertGradientsNear(IReadOnlyDictionary<string, double[]> expected)
    {
        double largest = Parameters.Max(p => Largest(expected[p.Name]));
        foreach (ParameterDescription parameter in Parameters)
        {
            float[] actual = Of(parameter, Gradients);
            double[] wanted = expected[parameter.Name];
            bool isZero = Largest(wanted) <= GradientTolerance * largest;
            double allowed = (GradientTolerance * (isZero ? largest : Largest(wanted))) + (isZero ? 0 : Rounding * largest);
            double difference =
                actual.Zip(wanted, (a, w) => double.IsFinite(a) && double.IsFinite(w) ? Math.Abs(a - w) : double.PositiveInfinity).Max();
            Assert.True(
                difference <= allowed,
                $"gradient of {parameter.Name}: largest difference is {difference:E2}, {allowed:E2} is allowed and {Largest(wanted):E2} "
                    + "the largest value.");
        }
    }

    private static double Largest(double[] values) => values.Max(Math.Abs);

    private static float[] Of(ParameterDescription parameter, float[] values) =>
        values.AsSpan((int)parameter.Offset, (int)parameter.Count).ToArray();

    private static void AssertNear(string what, float[] actual, float[] expected, double tolerance)
    {
        double error = RelativeError.Of(actual, expected);
        Assert.True(error <= tolerance, $"{what}: largest difference / largest value is {error:E2}.");
    }

    private static float[] ReadLogits(ModelProgram program, int batch)
    {
        float[] logits = new float[batch * program.Model.Classes];
        program.ReadLogits(logits);
        return logits;
    }

    private static float[] Read(ModelProgram program, Region region)
    {
        float[] values = new float[program.Model.TrainedFloats];
        program.Read(new(region, 0), values);
        return values;
    }
}
