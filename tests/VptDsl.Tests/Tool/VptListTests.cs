using System.Text.Json;

namespace VptDsl.Tests.Tool;

/// <summary>Images of one class each may be told by a list, and what is no list is called so.</summary>
public sealed class VptListTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Fact]
    public void A_list_trains_and_measures_as_its_folder_does()
    {
        string folder = fixture.Path("images"), list = fixture.Path("list.txt");
        string[] files = [.. Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.WriteAllLines(
            list, files.Select(file => $"{Path.GetRelativePath(fixture.Path("."), file)} {(file.Contains("bright") ? 0 : 1)}"));
        Assert.Equal(0, VptProcess.Run(fixture.Train("folder.task", 2)).ExitCode);

        (int exitCode, _, string errors) = VptProcess.Run(Train(list, "--validation", list));

        Assert.True(exitCode == 0, errors);
        JsonElement measured = Measure("list.task", list);
        Assert.Equal(12, measured.GetProperty("images").GetInt32());
        Assert.Equal(["0", "1"], measured.GetProperty("classes").EnumerateArray().Select(row => row.GetProperty("class").GetString()));
        Assert.Equal(Measure("folder.task", folder).ToString(), Measure("folder.task", list).ToString());
    }

    [Theory]
    [InlineData("images/bright/0.png", "is no text, and so no list of images: give a folder with a folder for each class, a list")]
    [InlineData("notes.txt", "is not a path and a label")]
    public void A_file_of_another_kind_is_told_what_is_wanted(string file, string problem)
    {
        File.WriteAllText(fixture.Path("notes.txt"), "bring milk\n");

        (int exitCode, _, string errors) = VptProcess.Run(Train(fixture.Path(file)));

        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    private JsonElement Measure(string task, string images)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(
        [
            "eval", "--backbone", VptProcess.Backbone, "--task", fixture.Path(task), "--device", "cpu", "--images", images, "--json",
        ]);
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private string[] Train(string images, params string[] more) =>
        [.. fixture.Train("list.task", 2, more).Select(argument => argument == fixture.Path("images") ? images : argument)];
}
