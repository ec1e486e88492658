using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>What frozen layers make of an image may be kept or computed again: training is the same to the bit.</summary>
public sealed class FeatureCacheTests
{
    private const int Images = 10;

    public static TheoryData<string> Models => ModelCase.NamesWithFeatures;

    [Theory]
    [MemberData(nameof(Models))]
    public void Training_from_kept_features_is_training_from_images(string model)
    {
        float[] expected = Fit(model, ModelCase.Options with { FeatureCacheBytes = 0 });
        Assert.Equal(expected, Fit(model, ModelCase.Options));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_budget_smaller_than_the_set_keeps_what_fits(string model)
    {
        float[] expected = Fit(model, ModelCase.Options with { FeatureCacheBytes = 0 });
        long each = Create(model, t => t.Compiled.FeatureFloats) * sizeof(float);
        foreach (long budget in new[] { each - 1, each, (Images / 2 * each) + 1, ((Images + 3) * each) - 1 })
            Assert.Equal(expected, Fit(model, ModelCase.Options with { FeatureCacheBytes = budget }));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Augmented_images_are_computed_anew(string model)
    {
        FitOptions options = ModelCase.Options with { Augmentation = [new RandomHorizontalFlip()] };
        float[] expected = Fit(model, options with { FeatureCacheBytes = 0 });
        Assert.Equal(expected, Fit(model, options));
        Assert.NotEqual(expected, Fit(model, ModelCase.Options));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Kept_images_are_read_once(string model) => Create(model, tuner =>
    {
        var counting = new CountingSource(ModelCase.DrawSet(tuner, Images, seed: 1));
        tuner.Fit(counting, options: ModelCase.Options);
        Assert.Equal(Images, counting.Reads);
        return 0;
    });

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_from_features_is_the_step_from_images(string model) => Create(model, tuner =>
    {
        ModelProgram program = tuner.Compiled;
        float[] images = ModelCase.DrawImages(tuner, 3, seed: 1);
        int[] labels = ModelCase.DrawLabels(tuner, 3, seed: 1);
        float[] features = new float[3 * program.FeatureFloats];
        program.SetBatch(images, labels);
        program.Step();
        float[] gradients = tuner.Gradients(), logits = tuner.Logits(3);
        program.ReadFeatures(features);

        program.SetBatch(ModelCase.DrawImages(tuner, 3, seed: 2), labels);
        program.Step();
        Assert.NotEqual(gradients, tuner.Gradients());
        program.SetFeatures(features, labels);
        program.Step();
        Assert.Equal(gradients, tuner.Gradients());
        program.SetFeatures(features, labels);
        program.Infer();
        Assert.Equal(logits, tuner.Logits(3));
        return 0;
    });

    [Theory]
    [MemberData(nameof(Models))]
    public void Features_stay_valid_when_trained_parameters_are_written(string model) => Create(model, tuner =>
    {
        ModelProgram program = tuner.Compiled;
        int[] labels = ModelCase.DrawLabels(tuner, 3, seed: 1);
        float[] features = new float[3 * program.FeatureFloats];
        program.SetBatch(ModelCase.DrawImages(tuner, 3, seed: 1), labels);
        program.ReadFeatures(features);
        program.Step();
        float[] expected = tuner.Gradients();

        program.SetBatch(ModelCase.DrawImages(tuner, 3, seed: 2), labels);
        program.SetFeatures(features, labels);
        program.Write(new(Region.Trained, 0), tuner.Trained());
        program.Step();
        Assert.Equal(expected, tuner.Gradients());
        return 0;
    });

    [Theory]
    [MemberData(nameof(Models))]
    public void Features_of_other_weights_are_refused(string model) => Create(model, tuner =>
    {
        ModelProgram program = tuner.Compiled;
        int[] labels = ModelCase.DrawLabels(tuner, 3, seed: 1);
        float[] images = ModelCase.DrawImages(tuner, 3, seed: 1), features = new float[3 * program.FeatureFloats];
        program.SetBatch(images, labels);
        program.ReadFeatures(features);
        program.SetFeatures(features, labels);
        program.Write(new(Region.Weights, 0), [2f]);

        var error = Assert.Throws<InvalidOperationException>(program.Step);

        Assert.Contains("call SetBatch", error.Message, StringComparison.Ordinal);
        program.SetBatch(images, labels);
        program.Step();
        return 0;
    });

    private static float[] Fit(string model, FitOptions options) => Create(model, tuner =>
    {
        tuner.Fit(ModelCase.DrawSet(tuner, Images, seed: 1), ModelCase.DrawSet(tuner, 6, seed: 2), options with { KeepBest = false });
        return tuner.Trained();
    });

    private static T Create<T>(string model, Func<Tuner, T> act)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        Assert.True(tuner.Compiled.FeatureFloats > 0, $"{model} should have features.");
        return act(tuner);
    }

    /// <summary>Counts how often an image is read, on whatever thread.</summary>
    private sealed class CountingSource(ImageSet images) : IImageSource
    {
        private int _reads;

        public int Reads => _reads;

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int Label(int index) => images.Label(index);

        public void CopyImage(int index, Span<float> destination)
        {
            Interlocked.Increment(ref _reads);
            images.CopyImage(index, destination);
        }
    }
}
