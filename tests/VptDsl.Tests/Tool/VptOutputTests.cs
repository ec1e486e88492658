namespace VptDsl.Tests.Tool;

/// <summary>A console that cannot be written to ends no training, and where it is all that was asked for, its failing is said.</summary>
public sealed class VptOutputTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    private const string Problem = "Standard output cannot be written to: ";

    [SkippableTheory]
    [InlineData(">/dev/full", "No space left on device")]
    [InlineData(">&-", "it is closed")]
    public void Training_goes_on_without_it(string redirection, string reason)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's redirection");
        string task = $"{Path.GetRandomFileName()}.task";
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train(task, 2), redirection: redirection);
        Assert.True(exitCode == 0, errors);
        Assert.True(File.Exists(fixture.Path(task)));
        Assert.Equal(2, errors.Split(Problem).Length);
        Assert.Contains($"{Problem}{reason}", errors, StringComparison.Ordinal);
        Assert.Contains("goes on without it", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Training_goes_on_without_anybody_who_could_be_told()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's redirection");
        Assert.Equal(0, VptProcess.Run(fixture.Train("mute.task", 2), redirection: ">/dev/full 2>/dev/full").ExitCode);
        Assert.Equal(0, VptProcess.Run(fixture.Train("closed.task", 2), redirection: ">&- 2>&-").ExitCode);
        Assert.True(File.Exists(fixture.Path("mute.task")) && File.Exists(fixture.Path("closed.task")));
    }

    [SkippableTheory]
    [InlineData(">/dev/full", "No space left on device.")]
    [InlineData(">&-", "it is closed")]
    public void Commands_that_answer_fail_with_a_sentence(string redirection, string reason)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's redirection");
        string[][] commands = [["inspect", VptProcess.Backbone], ["explain", "--backbone", VptProcess.Backbone], ["--help"]];
        Assert.All(commands, command =>
        {
            (int exitCode, _, string errors) = VptProcess.Run(command, redirection: redirection);
            Assert.Equal(1, exitCode);
            Assert.StartsWith(
                $"{Problem}{reason}", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        });
    }

    [SkippableFact]
    public void A_reader_who_has_had_enough_is_no_failure()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's pipes");
        (_, string output, string errors) = VptProcess.Run(
            ["inspect", VptProcess.Backbone, "--tensors"], redirection: "| { read line; echo \"$line\"; }");
        Assert.Contains("character-vit.safetensors", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }
}
