using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>Inference uses the parameters of now, whatever ran before it on the same tuner, with whatever batch.</summary>
public sealed class InferenceTests
{
    public static TheoryData<string> Models => ModelCase.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_follow_every_update(string model)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        float[] images = ModelCase.DrawImages(tuner, 3, seed: 8);
        float[] before = tuner.Predict(images);
        for (int round = 1; round <= 3; round++)
        {
            tuner.Train(batch: 3, steps: round);
            float[] now = tuner.Predict(images);
            Assert.NotEqual(before, now);
            Assert.Equal(OfAFreshTuner(model, device, tuner, images), now);
            before = now;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_follow_parameters_that_are_written(string model)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, 1), other = ModelCase.All[model].Create(device, 2);
        foreach (int batch in new[] { 1, 3 })
        {
            float[] images = ModelCase.DrawImages(tuner, batch, seed: 8);
            float[] before = tuner.Predict(images);
            Copy(other, tuner);
            float[] now = tuner.Predict(images);
            Assert.NotEqual(before, now);
            Assert.Equal(other.Predict(images), now);
            using Tuner next = ModelCase.All[model].Create(device, 3 + batch);
            Copy(next, other);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Inference_gives_the_logits_of_a_step(string model)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        tuner.Train(batch: 4, steps: 3);
        float[] images = ModelCase.DrawImages(tuner, 4, seed: 8);
        tuner.Compiled.SetBatch(images, new int[4]);
        tuner.Compiled.Step();
        float[] step = tuner.Logits(4);
        Assert.True(Testing.RelativeError.Of(tuner.Infer(images), step) <= 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void An_image_is_judged_the_same_in_any_batch(string model)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        float[] images = ModelCase.DrawImages(tuner, 6, seed: 8);
        float[] expected = tuner.Infer(images);
        int floats = tuner.Model.ImageFloats, classes = tuner.Model.Classes;

        // Smaller and larger batches in turn, with steps between, so that the arena is used in every way.
        int first = 0;
        foreach (int batch in new[] { 1, 3, 2 })
        {
            float[] part = tuner.Infer(images[(first * floats)..((first + batch) * floats)]);
            Assert.Equal(expected[(first * classes)..((first + batch) * classes)], part);
            first += batch;
            tuner.Compiled.SetBatch(ModelCase.DrawImages(tuner, 3 * batch, seed: batch), new int[3 * batch]);
            tuner.Compiled.Step();
        }

        Assert.Equal(expected, tuner.Infer(images));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_does_not_depend_on_the_batches_before(string model)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner used = ModelCase.All[model].Create(device, 1), fresh = ModelCase.All[model].Create(device, 1);
        foreach (int batch in new[] { 2, 5, 1 })
        {
            used.Infer(ModelCase.DrawImages(used, batch + 1, seed: batch));
            used.Compiled.SetBatch(ModelCase.DrawImages(used, batch, seed: batch), ModelCase.DrawLabels(used, batch, seed: batch));
            used.Compiled.Step();
        }

        foreach (Tuner tuner in new[] { used, fresh })
        {
            tuner.Compiled.SetBatch(ModelCase.DrawImages(tuner, 3, seed: 7), ModelCase.DrawLabels(tuner, 3, seed: 7));
            tuner.Compiled.Step();
        }

        Assert.Equal(fresh.Gradients(), used.Gradients());
        Assert.Equal(fresh.Logits(3), used.Logits(3));
    }

    private static float[] OfAFreshTuner(string model, Device device, Tuner tuner, float[] images)
    {
        using Tuner fresh = ModelCase.All[model].Create(device, 77);
        Copy(tuner, fresh);
        return fresh.Predict(images);
    }

    private static void Copy(Tuner from, Tuner to)
    {
        foreach (ParameterDescription parameter in from.Model.Parameters)
            to.Compiled.Write(parameter, from.Compiled.Read(parameter));
    }
}
