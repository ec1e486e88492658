using VptDsl.Weights;

namespace VptDsl.Tests.Tool;

/// <summary>The command line normalises as the checkpoint says, and asks where it does not.</summary>
public sealed class VptNormalizeTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Fact]
    public void The_shipped_backbone_says_how_it_was_trained()
    {
        string output = Succeed(VptProcess.Run(["inspect", VptProcess.Backbone]));

        Assert.Contains(
            "declared by  [Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)]",
            output,
            StringComparison.Ordinal);
        Assert.Contains("normalised   0.32 / 0.36 (metadata)", output, StringComparison.Ordinal);
        Assert.Contains("images       28 (metadata)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_follows_it() =>
        Assert.EndsWith("| normalize 0.32 / 0.36", NormalizationOf(fixture.Train("said.task", 1), "said.task"), StringComparison.Ordinal);

    [Theory]
    [InlineData("--normalize", "symmetric", "0.5 / 0.5")]
    [InlineData("--normalization", "0.25/0.5", "0.25 / 0.5")]
    [InlineData("--normalize", "0.2,0.4,0.6/0.5,0.5,0.5", "0.4 / 0.5")]
    public void What_is_asked_for_goes_before_it(string option, string value, string expected) =>
        Assert.EndsWith(
            $"| normalize {expected}",
            NormalizationOf(fixture.Train("asked.task", 1, option, value), "asked.task"),
            StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_says_it_training_asks_and_begins_nothing()
    {
        string folder = Directory.CreateDirectory(fixture.Path("silent")).FullName, silent = Path.Combine(folder, "silent.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(VptProcess.Backbone))
        {
            SafetensorsWriter.Write(
                silent, file.Tensors.Select(t => new TensorToWrite(t.Name, [.. t.Shape.Select(d => (int)d)], file.ReadFloats(t.Name))));
        }

        string[] train = [.. fixture.Train("silent.task", 1).Select(argument => argument == VptProcess.Backbone ? silent : argument)];

        (int exitCode, string output, string errors) = VptProcess.Run(train);
        Assert.Equal(1, exitCode);
        Assert.Contains("Say it with --normalize", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", output, StringComparison.Ordinal);
        Assert.Contains("normalised   not known", Succeed(VptProcess.Run(["inspect", silent])), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), """{"image_mean": [0.25], "image_std": [0.75]}""");
        Assert.EndsWith("| normalize 0.25 / 0.75", NormalizationOf(train, "silent.task"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--normalize", "auto")]
    [InlineData("--normalize", "0,5/0,5/1")]
    public void A_normalisation_that_makes_no_sense_is_refused(string option, string value)
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("refused.task", 1, option, value));
        Assert.Equal(2, exitCode);
        Assert.Contains("is no normalisation", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_the_file_cannot_have_is_refused() => Assert.Contains(
        "has no entries", VptProcess.Run(fixture.Train("entry.task", 1, "--entry", "teacher")).Errors, StringComparison.Ordinal);

    private string NormalizationOf(string[] train, string task)
    {
        Succeed(VptProcess.Run(train));
        return Succeed(VptProcess.Run(["inspect", fixture.Path(task)])).Split('\n')
            .First(line => line.StartsWith("images", StringComparison.Ordinal)).TrimEnd();
    }

    private static string Succeed((int ExitCode, string Output, string Errors) result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }
}
