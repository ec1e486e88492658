using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>A pixel that is no number makes the loss one: it must get through every layer to where it is noticed.</summary>
public sealed class DivergenceTests
{
    private const int Images = 12, Image = 7;

    public static TheoryData<string> Models => ModelCase.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void A_pixel_that_is_no_number_stops_the_fit_at_its_step(string model)
    {
        foreach (float pixel in new[] { float.NaN, float.PositiveInfinity })
        {
            using Device device = Device.Cpu(threads: 2);
            using Tuner tuner = ModelCase.All[model].Create(device, 1);
            float[] pixels = ModelCase.DrawImages(tuner, Images, seed: 1);
            pixels[(Image * tuner.Model.ImageFloats) + (tuner.Model.ImageFloats / 2)] = pixel;
            var source = ImageSet.FromFloats(
                new(tuner.Model.Channels, tuner.Model.ImageSize, tuner.Model.ImageSize),
                pixels,
                ModelCase.DrawLabels(tuner, Images, seed: 1),
                [.. Enumerable.Range(0, tuner.Model.Classes).Select(c => $"class {c}")]);
            FitOptions options = ModelCase.Options with { BatchSize = 2 };

            var error = Assert.Throws<TrainingDivergedException>(() => tuner.Fit(source, options: options));

            int position = new EpochOrder(Images, options.Seed).Shuffle(epoch: 0).IndexOf(Image);
            Assert.Equal(1, error.Epoch);
            Assert.Equal((position / 2) + 1, error.Step);
            Assert.Contains($"epoch 1, step {error.Step},", error.Message, StringComparison.Ordinal);
        }
    }
}
