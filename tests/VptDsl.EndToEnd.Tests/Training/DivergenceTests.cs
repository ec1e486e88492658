using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>A pixel that is no number makes the loss one: it must get through every layer to where it is noticed.</summary>
public sealed class DivergenceTests
{
    private const int Images = 12;

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
            pixels[(7 * tuner.Model.ImageFloats) + (tuner.Model.ImageFloats / 2)] = pixel;
            var source = new WatchedSource(ImageSet.FromFloats(
                new(tuner.Model.Channels, tuner.Model.ImageSize, tuner.Model.ImageSize),
                pixels,
                ModelCase.DrawLabels(tuner, Images, seed: 1),
                [.. Enumerable.Range(0, tuner.Model.Classes).Select(c => $"class {c}")]));

            var error = Assert.Throws<TrainingDivergedException>(() => tuner.Fit(source, options: ModelCase.Options with { BatchSize = 2 }));

            Assert.Equal(1, error.Epoch);
            Assert.Equal(source.PositionOf(7) / 2 + 1, error.Step);
            Assert.Contains($"epoch 1, step {error.Step},", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Remembers in which order images were read.</summary>
    private sealed class WatchedSource(ImageSet images) : IImageSource
    {
        private readonly List<int> _read = [];

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int PositionOf(int index) => _read.IndexOf(index);

        public int Label(int index) => images.Label(index);

        public void CopyImage(int index, Span<float> destination)
        {
            _read.Add(index);
            images.CopyImage(index, destination);
        }
    }
}
