namespace VptDsl.Tests.Samples;

/// <summary>Images come as files, through pipes and on standard input, and their names do nothing to a terminal.</summary>
public sealed class VptPredictTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [SkippableFact]
    public void A_pipe_is_an_image_as_a_file_is()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's pipes");
        Assert.Equal(0, VptProcess.Run(fixture.Train("pipe.task", 1)).ExitCode);
        string image = fixture.Path("images/dark [x]/0.png"), link = fixture.Path("\u001b[31mred\n\u200b.png");
        File.Copy(image, link, overwrite: true);
        string[] predict =
        [
            "predict", "tiny-linear", "--backbone", VptProcess.Backbone, "--task", fixture.Path("pipe.task"), "--device", "cpu", "--top",
            "10",
        ];

        string[] expected = Lines(VptProcess.Run([.. predict, image]));
        Assert.Equal(1 + 2, expected.Length);
        Assert.Equal(expected[1..], Lines(VptProcess.Run([.. predict, "-"], input: image))[1..]);
        Assert.Equal(expected[1..], Lines(VptProcess.Run([.. predict, "/dev/stdin"], input: image))[1..]);
        string[] red = Lines(VptProcess.Run([.. predict, link]));
        Assert.Equal(expected[1..], red[1..]);
        Assert.EndsWith("?[31mred??.png", red[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is a folder, not an image. Give the path of an image in it.", "images")]
    [InlineData("give '-' once", "-", "-")]
    public void What_cannot_be_read_as_an_image_is_said(string problem, params string[] images)
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("said.task", 1)).ExitCode);
        (int exitCode, _, string errors) = VptProcess.Run(
        [
            "predict", "tiny-linear", "--backbone", VptProcess.Backbone, "--task", fixture.Path("said.task"), "--device", "cpu",
            .. images.Select(image => image == "-" ? image : fixture.Path(image)),
        ]);
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    private static string[] Lines((int ExitCode, string Output, string Errors) result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
