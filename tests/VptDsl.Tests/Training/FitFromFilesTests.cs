using VptDsl.Data;
using VptDsl.Tests.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Training reads images from files ahead, with the set's own augmentation, and a broken one ends the run with its name.</summary>
public sealed class FitFromFilesTests : IDisposable
{
    private static readonly Normalization Grey = new(0.5f, 0.5f);
    private static readonly FitOptions Options = new() { Epochs = 2, BatchSize = 4, Progress = ProgressDisplay.Off };
    private readonly ImageTree _tree = new();

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_chance_takes_part()
    {
        _tree.Images([.. Enumerable.Range(0, 10).Select(i => $"{i % 3}/{i}.jpg")]);

        float[] first = Train(Transforms.FgvcTrain(3, Grey), seed: 1);

        Assert.Equal(first, Train(Transforms.FgvcTrain(3, Grey), seed: 1));
        Assert.NotEqual(first, Train(Transforms.FgvcTest(3, Grey), seed: 1));
        Assert.NotEqual(first, Train(Transforms.FgvcTrain(3, Grey), seed: 2));
    }

    [Fact]
    public void A_broken_image_ends_the_run_with_its_name()
    {
        _tree.Images("0/1.jpg", "1/2.jpg", "2/3.jpg").File("2/4.jpg", [0xFF, 0xD8, 0xFF]);

        var error = Assert.Throws<ImageDataException>(() => Train(Transforms.FgvcTrain(3, Grey), seed: 1));

        Assert.Equal(_tree.Path("2/4.jpg"), error.FilePath);
    }

    [Fact]
    public void Measuring_leaves_nothing_to_chance()
    {
        _tree.Images("0/1.jpg", "1/2.jpg", "2/3.jpg");
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, ImageFolder.Read(_tree.Root, Transforms.FgvcTrain(3, Grey)), null, Options);

        Evaluation random = Trainer.Evaluate(program, ImageFolder.Read(_tree.Root, Transforms.FgvcTrain(3, Grey)));
        Evaluation still = Trainer.Evaluate(program, ImageFolder.Read(_tree.Root, Transforms.FgvcTest(3, Grey)));

        Assert.Equal(still.MeanLoss, random.MeanLoss);
        Assert.Equal(3, random.Count);
    }

    public void Dispose() => _tree.Dispose();

    private float[] Train(ImagePipeline pipeline, long seed)
    {
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, ImageFolder.Read(_tree.Root, pipeline), null, Options with { Seed = seed });
        return [.. program.Trained];
    }
}
