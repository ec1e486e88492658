using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Everything that can be read of a model after some work on one batch.</summary>
/// <param name="Inferred">Logits of inference.</param>
/// <param name="Logits">Logits of the first step.</param>
/// <param name="Losses">Losses of each step.</param>
/// <param name="Gradients">Gradients of the first step.</param>
/// <param name="Trained">Trained parameters after the last update.</param>
internal sealed record ModelRun(float[] Inferred, float[] Logits, float[] Losses, float[] Gradients, float[] Trained)
{
    private const int Steps = 3;

    /// <summary>Inference, then three steps with an optimiser.</summary>
    public static ModelRun Of(DrawnModel model, Device device, OptimizerKind kind)
    {
        using Tuner tuner = model.Create(device);
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

        return new(inferred, logits, [.. losses], gradients, Read(program, Region.Trained));
    }

    public void AssertNear(ModelRun expected)
    {
        AssertNear("logits of inference", Inferred, expected.Inferred, 1e-4);
        AssertNear("logits", Logits, expected.Logits, 1e-4);
        AssertNear("gradients", Gradients, expected.Gradients, 1e-4);
        AssertNear("losses of three steps", Losses, expected.Losses, 1e-3);
        AssertNear("parameters after three steps", Trained, expected.Trained, 1e-3);
    }

    public void AssertSame(ModelRun expected)
    {
        Assert.Equal(expected.Inferred, Inferred);
        Assert.Equal(expected.Losses, Losses);
        Assert.Equal(expected.Gradients, Gradients);
        Assert.Equal(expected.Trained, Trained);
    }

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
