using VptDsl.EndToEnd.Tests.Models;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>A value that is no number gets through every layer to the loss, where it is noticed.</summary>
public sealed class DivergenceTests
{
    private const int Images = 2;

    public static TheoryData<string> Models => ModelCase.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void A_pixel_that_is_no_number_makes_its_loss_none(string model)
    {
        foreach (float pixel in new[] { float.NaN, float.PositiveInfinity })
        {
            using Device device = Device.Cpu(threads: 2);
            using Tuner tuner = ModelCase.All[model].Create(device, 1);
            float[] pixels = ModelCase.DrawImages(tuner, Images, seed: 1);
            pixels[tuner.Model.ImageFloats + (tuner.Model.ImageFloats / 2)] = pixel;
            float[] losses = new float[Images];

            // Fit itself refuses such an image, so that the program gets it here.
            tuner.Compiled.SetBatch(pixels, ModelCase.DrawLabels(tuner, Images, seed: 1));
            tuner.Compiled.DrawNoise(seed: 1, number: 1);
            tuner.Compiled.Step();
            tuner.Compiled.ReadLosses(losses);

            Assert.Contains(losses, loss => !float.IsFinite(loss));
        }
    }
}
