using VptDsl.Programs;

namespace VptDsl.EndToEnd.Tests.Models;

/// <summary>Looks into a tuner, and trains it step by step.</summary>
internal static class TunerState
{
    /// <summary>An update that moves every parameter noticeably.</summary>
    public static OptimizerUpdate Update(OptimizerKind kind, int number) => new()
    {
        Kind = kind,
        LearningRate = kind == OptimizerKind.Sgd ? 0.05f : 0.01f,
        Momentum = 0.9f,
        SecondBeta = 0.999f,
        Epsilon = 1e-6f,
        WeightDecay = 0.001f,
        Decayed = DecayedParameters.AllButBiases,
        Number = number,
    };

    /// <summary>All trained parameters.</summary>
    public static float[] Trained(this Tuner tuner) => Read(tuner, Region.Trained, tuner.Model.TrainedFloats);

    /// <summary>The gradients of the last step.</summary>
    public static float[] Gradients(this Tuner tuner) => Read(tuner, Region.Gradients, tuner.Model.TrainedFloats);

    /// <summary>The logits of the last step or inference on a batch.</summary>
    public static float[] Logits(this Tuner tuner, int batch)
    {
        float[] logits = new float[batch * tuner.Model.LabelsPerImage * tuner.Model.Classes];
        tuner.Compiled.ReadLogits(logits);
        return logits;
    }

    /// <summary>The losses of the last step on a batch.</summary>
    public static float[] Losses(this Tuner tuner, int batch)
    {
        float[] losses = new float[batch];
        tuner.Compiled.ReadLosses(losses);
        return losses;
    }

    /// <summary>Runs inference on images.</summary>
    public static float[] Infer(this Tuner tuner, float[] images)
    {
        int batch = images.Length / tuner.Model.ImageFloats;
        tuner.Compiled.SetBatch(images, new int[batch * tuner.Model.LabelsPerImage]);
        tuner.Compiled.Infer();
        return tuner.Logits(batch);
    }

    /// <summary>Steps and updates on one batch of random images.</summary>
    public static void Train(this Tuner tuner, int batch, int steps, OptimizerKind kind = OptimizerKind.Sgd)
    {
        for (int step = 1; step <= steps; step++)
        {
            tuner.Compiled.SetBatch(ModelCase.DrawImages(tuner, batch, step), ModelCase.DrawLabels(tuner, batch, step));
            tuner.Compiled.Step();
            tuner.Compiled.Update(Update(kind, step));
        }
    }

    private static float[] Read(Tuner tuner, Region region, long count)
    {
        float[] values = new float[count];
        tuner.Compiled.Read(new(region, 0), values);
        return values;
    }
}
