using System.Text.RegularExpressions;

namespace VptDsl.Tests.Tool;

/// <summary>A report is one file that shows the run and asks nothing of a network, whatever classes and files are called.</summary>
public sealed partial class VptReportTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Fact]
    public void A_run_becomes_one_page()
    {
        string evil = "<img src=x onerror=alert(1)>";
        CopyImages("named", evil);
        string[] train =
        [
            "train", "--backbone", VptProcess.Backbone, "--prompts", "deep:2", "--images", fixture.Path("named"),
            "--task", fixture.Path("a 'b'.task"), "--device", "cpu", "--transforms", "vtab", "--epochs", "3", "--rate", "0.01",
            "--log", fixture.Path("named.jsonl"), "--checkpoint", fixture.Path("named.run"),
        ];
        (int trained, _, string problem) = VptProcess.Run(train);
        Assert.True(trained == 0, problem);
        string[] report =
        [
            "report", "--backbone", VptProcess.Backbone, "--task", fixture.Path("a 'b'.task"), "--device", "cpu",
            "--images", fixture.Path("named"), "--log", fixture.Path("named.jsonl"), "--checkpoint", fixture.Path("named.run"), "--output",
        ];

        (int exitCode, string output, string errors) = VptProcess.Run([.. report, fixture.Path("pages/run.html")], "ar_SA");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("wrote ", output, StringComparison.Ordinal);
        string page = File.ReadAllText(fixture.Path("pages/run.html"));
        Assert.DoesNotContain(evil, page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<link|https?://|url\\(|@import", page);
        Assert.All(Source().Matches(page), match => Assert.StartsWith("data:image/", match.Groups[1].Value, StringComparison.Ordinal));
        foreach (string part in new[] { "<h2>The model", "<h2>The run", "peak learning rate", "<figcaption>Loss", "<figcaption>Accuracy",
            "class=\"confusion\"", "[DeepPrompt(Tokens = 2)]", "prompt 1,536, head 258", "<h2>Classes" })
        {
            Assert.Contains(part, page, StringComparison.Ordinal);
        }

        // Options that the run did without are no news.
        Assert.DoesNotContain("label smoothing", page, StringComparison.Ordinal);
        Assert.DoesNotContain("saved activations", page, StringComparison.Ordinal);

        Assert.Equal(0, VptProcess.Run([.. report, fixture.Path("again.html")], "tr_TR").ExitCode);
        Assert.Equal(page, File.ReadAllText(fixture.Path("again.html")));

        string look = fixture.Path("images/dark [x]/0.png");
        (int looked, _, string said) = VptProcess.Run(
            [.. report, fixture.Path("look.html"), "--attention", look, "--maps", fixture.Path("maps")]);
        Assert.True(looked == 0, said);
        string[] maps = [.. Directory.GetFiles(fixture.Path("maps")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["1-0 image.png", "1-0 output.png", "1-0 prompt 0.png", "1-0 prompt 1.png"], maps);
        Assert.Contains("of its attention goes to prompts", File.ReadAllText(fixture.Path("look.html")), StringComparison.Ordinal);
        Assert.Equal(2, VptProcess.Run([.. report, fixture.Path("no.html"), "--maps", fixture.Path("maps")]).ExitCode);

        // Maps among the images would be images of that class from then on.
        (int refused, _, said) = VptProcess.Run(
            [.. report, fixture.Path("no.html"), "--attention", look, "--maps", fixture.Path("named/maps")]);
        Assert.Equal((1, true), (refused, said.Contains("lies in", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("is read and would be replaced", "refused.task")]
    [InlineData("lies in", "images/report.html")]
    public void A_report_replaces_nothing_that_is_read(string reason, string output)
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("refused.task", 1)).ExitCode);
        (int exitCode, _, string errors) = VptProcess.Run(
        [
            "report", "--backbone", VptProcess.Backbone, "--task", fixture.Path("refused.task"), "--device", "cpu",
            "--images", fixture.Path("images"), "--output", fixture.Path(output),
        ]);
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    private void CopyImages(string folder, string evil)
    {
        foreach ((string from, string to) in new[] { ("bright", evil), ("dark [x]", "سبعة") })
        {
            string target = Directory.CreateDirectory(Path.Combine(fixture.Path(folder), to)).FullName;
            foreach (string file in Directory.GetFiles(fixture.Path($"images/{from}")))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Source();
}
