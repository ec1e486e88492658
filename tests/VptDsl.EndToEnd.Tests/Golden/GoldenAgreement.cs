using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>
/// Whether a device computes whole declared models, through the generator, as the paper's public code does: logits, loss, every gradient,
/// and three optimiser steps. A check fails by an assertion. A class for a device adds the device and its cases.
/// </summary>
public abstract class GoldenAgreement(GoldenDevice device)
{
    private const double Tolerance = 1e-4, ToleranceAfterThreeSteps = 1e-3;

    /// <summary>The device under test; skips where the machine has none.</summary>
    protected virtual Device Device => device.Device!;

    protected void StepAgrees(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        Tuner tuner = Create(golden);

        tuner.Compiled.SetBatch(golden.Images, golden.Labels);
        tuner.Compiled.Step();

        Near(golden.Logits, Logits(tuner, golden), "logits", Tolerance);
        Near([golden.Loss], [Loss(tuner, golden)], "loss", Tolerance);
        Assert.Equal(
            tuner.Model.Parameters.Where(p => p.Trained).Select(p => p.Name).Order(),
            golden.Gradients.Keys.Order());
        foreach ((string parameter, GoldenTensor expected) in golden.Gradients)
            Near(expected.Values, Read(tuner, Region.Gradients, parameter), "gradient of " + parameter, Tolerance);
    }

    protected void InferenceAgrees(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        Tuner tuner = Create(golden);

        tuner.Compiled.SetBatch(golden.Images, golden.Labels);
        tuner.Compiled.Infer();

        // A normalisation of the batch gave the golden logits, and there is none in inference.
        if (tuner.Model.MeasuredFloats == 0)
            Near(golden.Logits, Logits(tuner, golden), "logits", Tolerance);
        float[] embeddings = new float[golden.Features.Length];
        tuner.Compiled.ReadEmbeddings(embeddings);
        Near(golden.Features, embeddings, "embeddings", Tolerance);
    }

    protected void ThreeStepsAgree(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        Train(golden, golden.SgdTraining, number => Sgd(golden.Sgd, DecayedParameters.All));
        if (golden.SgdTrainingWithoutBiasDecay is { } training)
            Train(golden, training, number => Sgd(golden.Sgd, DecayedParameters.AllButHeadBias));
        if (golden.AdamWTraining is { } adamWTraining)
            Train(golden, adamWTraining, number => AdamW(golden.AdamW!, number));
    }

    private static OptimizerUpdate Sgd(GoldenSgd sgd, DecayedParameters decayed) => new()
    {
        Kind = OptimizerKind.Sgd,
        LearningRate = (float)sgd.LearningRate,
        Momentum = (float)sgd.Momentum,
        WeightDecay = (float)sgd.WeightDecay,
        Decayed = decayed,
    };

    private static OptimizerUpdate AdamW(GoldenAdamW adamW, int number) => new()
    {
        Kind = OptimizerKind.AdamW,
        LearningRate = (float)adamW.LearningRate,
        WeightDecay = (float)adamW.WeightDecay,
        Decayed = DecayedParameters.AllButBiases,
        Momentum = (float)adamW.Beta1,
        SecondBeta = (float)adamW.Beta2,
        Epsilon = (float)adamW.Epsilon,
        Number = number,
    };

    private void Train(GoldenCase golden, GoldenTraining expected, Func<int, OptimizerUpdate> update)
    {
        Tuner tuner = Create(golden);
        tuner.Compiled.SetBatch(golden.Images, golden.Labels);
        var losses = new List<float>();
        for (int step = 1; step <= 3; step++)
        {
            tuner.Compiled.Step();
            losses.Add(Loss(tuner, golden));
            tuner.Compiled.Update(update(step));
        }

        foreach ((string parameter, GoldenTensor values) in expected.Parameters)
        {
            Region region = tuner.Model.Parameters.Single(p => p.Name == parameter).Region;
            Near(values.Values, Read(tuner, region, parameter), parameter + " after three steps", ToleranceAfterThreeSteps);
        }

        tuner.Compiled.Step();
        losses.Add(Loss(tuner, golden));
        Near(expected.Losses, [.. losses], "losses", ToleranceAfterThreeSteps);
    }

    private Tuner Create(GoldenCase golden)
    {
        Tuner tuner = device.Tuners.Take(golden, Device);
        tuner.Compiled.ClassWeights = golden.ClassWeights;
        return tuner;
    }

    private static float[] Logits(Tuner tuner, GoldenCase golden)
    {
        float[] logits = new float[tuner.Model.Classes * golden.Batch];
        tuner.Compiled.ReadLogits(logits);
        return logits;
    }

    private static float Loss(Tuner tuner, GoldenCase golden)
    {
        float[] losses = new float[golden.Batch];
        tuner.Compiled.ReadLosses(losses);
        return losses.Average();
    }

    private static float[] Read(Tuner tuner, Region region, string name)
    {
        ParameterDescription parameter = tuner.Model.Parameters.Single(p => p.Name == name);
        float[] values = new float[parameter.Count];
        tuner.Compiled.Read(new(region, parameter.Offset), values);
        return values;
    }

    private static void Near(float[] expected, float[] actual, string what, double tolerance)
    {
        double error = RelativeError.Of(actual, expected);
        Assert.True(error <= tolerance, $"{what}: largest difference / largest value is {error:E2}, above {tolerance:E0}.");
    }
}
