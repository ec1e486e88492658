using System.Text.Json;

namespace VptDsl.Tests.Tool;

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
            "predict", "--backbone", VptProcess.Backbone, "--task", fixture.Path("pipe.task"), "--device", "cpu", "--top", "10",
        ];

        string[] expected = Lines(VptProcess.Run([.. predict, image]));
        Assert.Equal(1 + 2, expected.Length);
        Assert.Equal(expected[1..], Lines(VptProcess.Run([.. predict, "-"], input: image))[1..]);
        Assert.Equal(expected[1..], Lines(VptProcess.Run([.. predict, "/dev/stdin"], input: image))[1..]);
        string[] red = Lines(VptProcess.Run([.. predict, link]));
        Assert.Equal(expected[1..], red[1..]);
        Assert.EndsWith("?[31mred??.png", red[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_begins_with_an_at_sign_is_a_name()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("at.task", 1)).ExitCode);
        File.Copy(fixture.Path("images/dark [x]/0.png"), fixture.Path("@rose.png"), overwrite: true);

        string[] lines = Lines(VptProcess.Run(
            ["predict", "@rose.png", "--backbone", VptProcess.Backbone, "--task", fixture.Path("at.task"), "--device", "cpu"],
            folder: fixture.Path(".")));

        Assert.Equal("@rose.png", lines[0]);
    }

    [Fact]
    public void Standard_input_is_no_file_of_the_system()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("input.task", 1)).ExitCode);
        string rubbish = fixture.Path("rubbish");
        File.WriteAllText(rubbish, "no image");

        (int exitCode, _, string errors) = VptProcess.Run(
            ["predict", "-", "--backbone", VptProcess.Backbone, "--task", fixture.Path("input.task"), "--device", "cpu"], input: rubbish);

        Assert.Equal(1, exitCode);
        Assert.Contains("(image of a stream)", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/stdin", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no image", "empty")]
    [InlineData("none.png", "none.png")]
    [InlineData("give '-' once", "-", "-")]
    public void What_cannot_be_read_as_an_image_is_said(string problem, params string[] images)
    {
        Directory.CreateDirectory(fixture.Path("empty"));
        Assert.Equal(0, VptProcess.Run(fixture.Train("said.task", 1)).ExitCode);
        (int exitCode, _, string errors) = VptProcess.Run(
        [
            "predict", "--backbone", VptProcess.Backbone, "--task", fixture.Path("said.task"), "--device", "cpu",
            .. images.Select(image => image == "-" ? image : fixture.Path(image)),
        ]);
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_lists_are_read_and_written_for_programs()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("many.task", 1)).ExitCode);
        string[] predict =
            ["predict", "--backbone", VptProcess.Backbone, "--task", fixture.Path("many.task"), "--device", "cpu", "--top", "1"];
        string folder = fixture.Path("images"), list = fixture.Path("list.txt");
        string[] files = [.. Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.WriteAllLines(list, [files[0], "", "  " + files[^1]]);

        JsonElement[] answers =
            [.. Lines(VptProcess.Run([.. predict, folder, "--json"])).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(files, answers.Select(answer => answer.GetProperty("image").GetString()));
        Assert.All(answers, answer => Assert.InRange(
            answer.GetProperty("predictions")[0].GetProperty("probability").GetSingle(), 0.5f, 1));

        string[] rows = Lines(VptProcess.Run([.. predict, "--list", list, "--csv"], "de_DE"));
        Assert.Equal("image,class,probability", rows[0]);
        Assert.Equal([files[0], files[^1]], rows[1..].Select(row => row.Split(',')[0]));
        Assert.All(rows[1..], row => Assert.Matches(",(bright|dark \\[x\\]),(1|0\\.[0-9]+)$", row));
    }

    private static string[] Lines((int ExitCode, string Output, string Errors) result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
