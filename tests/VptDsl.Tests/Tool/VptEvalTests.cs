using System.Text.Json;

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
}
