using System.Text.Json;
using VptDsl.Data;
using VptDsl.Tool.Models;

namespace VptDsl.Tests.Tool;

/// <summary>What is measured is told to people and to programs, in the same numbers and in every culture.</summary>
public sealed class VptEvalTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Fact]
    public void A_measurement_is_written_for_people_and_for_programs()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("measured.task", 3, "--rate", "10")).ExitCode);
        string[] eval =
        [
            "eval", "--backbone", VptProcess.Backbone, "--task", fixture.Path("measured.task"), "--device", "cpu",
            "--images", fixture.Path("images"),
        ];

        string[] lines = VptProcess.Run(eval, "de_DE").Output.Split('\n');
        JsonElement measured = JsonDocument.Parse(VptProcess.Run([.. eval, "--json", "--top", "2"], "ar_SA").Output).RootElement;

        double accuracy = measured.GetProperty("accuracy").GetDouble();
        Assert.Equal(12, measured.GetProperty("images").GetInt32());
        Assert.Equal(1, measured.GetProperty("topAccuracy").GetDouble());
        // As many images of each class.
        Assert.Equal(accuracy, measured.GetProperty("balancedAccuracy").GetDouble(), 1e-12);
        Assert.StartsWith(FormattableString.Invariant($"accuracy {100 * accuracy:F1} % of 12 images"), lines[0], StringComparison.Ordinal);
        Assert.Equal(FormattableString.Invariant($"balanced accuracy {100 * accuracy:F1} %"), lines[1]);
        JsonElement[] classes = [.. measured.GetProperty("classes").EnumerateArray()];
        Assert.Equal(["bright", "dark [x]"], classes.Select(row => row.GetProperty("class").GetString()));
        Assert.All(classes, row => Assert.Equal(6, row.GetProperty("images").GetInt32()));
        Assert.Equal(accuracy, classes.Average(row => row.GetProperty("accuracy").GetDouble()), 1e-12);
    }

    /// <summary>A program may save a task whose classes it never named: they have numbers then, or the names of who measures.</summary>
    [Fact]
    public void A_task_without_names_is_used_and_measured()
    {
        string task = fixture.Path("nameless.task");
        ModelDeclaration declaration = ModelDeclaration.Parse(
            "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)] [LinearHead]");
        using (Device device = Device.Cpu(threads: 1))
        using (Tuner tuner = CompiledModel.Of(declaration).Load(device, VptProcess.Backbone, entry: null, seed: 0))
        {
            tuner.ResetHead(2);
            tuner.Pipeline = new ImagePipeline(new Normalization(0.32f, 0.36f)).Resize(28);
            tuner.SaveTask(task);
        }

        string[] model = ["--backbone", VptProcess.Backbone, "--task", task, "--device", "cpu"];
        string[] classes = [.. Succeed("predict", [.. model, fixture.Path("images/bright/0.png"), "--csv"]).Split('\n')
            .Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')[1])];
        Assert.Equal(["0", "1"], classes.Order());
        JsonElement measured = JsonDocument.Parse(Succeed("eval", [.. model, "--images", fixture.Path("images"), "--json"])).RootElement;
        Assert.Equal(
            ["bright", "dark [x]"], measured.GetProperty("classes").EnumerateArray().Select(row => row.GetProperty("class").GetString()));
        Assert.Contains("balanced accuracy", Succeed("eval", [.. model, "--images", fixture.Path("images")]), StringComparison.Ordinal);
        Succeed("report", [.. model, "--images", fixture.Path("images"), "--attention", fixture.Path("images/bright/0.png"),
            "--output", fixture.Path("nameless.html")]);
        Assert.Contains("dark [x]", File.ReadAllText(fixture.Path("nameless.html")), StringComparison.Ordinal);
    }

    /// <summary>Who reads results by a program reads UTF-8, whatever letters a terminal there would show.</summary>
    [Fact]
    public void What_programs_read_is_in_UTF_8()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("encoded.task", 1)).ExitCode);
        string image = fixture.Path("花と花瓶.png");
        File.Copy(fixture.Path("images/bright/0.png"), image);
        (int exitCode, string output, string errors) = VptProcess.Run(
            ["predict", "--backbone", VptProcess.Backbone, "--task", fixture.Path("encoded.task"), "--device", "cpu", "--csv", image],
            environment: new Dictionary<string, string> { ["LC_ALL"] = "de_DE.ISO-8859-1" });
        Assert.True(exitCode == 0, errors);
        Assert.Contains(image, output, StringComparison.Ordinal);
        Assert.False(output.StartsWith('\uFEFF'));
    }

    private static string Succeed(string command, string[] arguments)
    {
        (int exitCode, string output, string errors) = VptProcess.Run([command, .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
