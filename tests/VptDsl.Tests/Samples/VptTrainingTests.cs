using System.Diagnostics;

namespace VptDsl.Tests.Samples;

/// <summary>No signal, no second process and no place that cannot be written to loses what was trained.</summary>
public sealed class VptTrainingTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    // More than any test waits for.
    private const int Endless = 1_000_000;

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("QUIT", 131)]
    public void A_signal_saves_the_run_and_says_how_to_go_on(string signal, int exitCode)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill and env are Linux's.");
        string[] train = fixture.Train($"{signal}.task", Endless), checkpoint = [fixture.Path($"{signal}.task.checkpoint")];
        using Process process = VptProcess.Start(train);
        VptProcess.WaitFor(process, "epoch 2/");
        VptProcess.Signal(process, signal);
        (int code, _, string errors) = VptProcess.End(process);

        Assert.Equal(exitCode, code);
        Assert.Contains($"It is saved in {checkpoint[0]}: start it again in the same way", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(checkpoint[0]));
        using Process resumed = VptProcess.Start(train);
        VptProcess.WaitFor(resumed, "going on in epoch ");
        resumed.Kill();
    }

    [SkippableFact]
    public void Signal_upon_signal_harms_no_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill and env are Linux's.");
        string[] train = fixture.Train("twice.task", Endless);
        using Process process = VptProcess.Start(train);
        VptProcess.WaitFor(process, "epoch 2/");
        while (!process.HasExited)
            VptProcess.Signal(process, "INT");
        Assert.Equal(130, VptProcess.End(process).ExitCode);

        using Process again = VptProcess.Start(train);
        VptProcess.WaitFor(again, "epoch ");
        again.Kill();
    }

    [Fact]
    public void A_second_process_is_refused_by_name_and_one_that_was_killed_holds_nobody_up()
    {
        string[] train = fixture.Train("locked.task", Endless);
        using Process first = VptProcess.Start(train);
        VptProcess.WaitFor(first, "epoch 1/");

        (int exitCode, string output, string errors) = VptProcess.Run(train);
        Assert.Equal(1, exitCode);
        Assert.Contains($"(process {first.Id})", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", output, StringComparison.Ordinal);

        first.Kill();
        first.WaitForExit();
        using Process next = VptProcess.Start(train);
        VptProcess.WaitFor(next, "epoch ");
        next.Kill();
    }

    [Fact]
    public void Missing_folders_are_made_and_the_checkpoint_goes_when_the_task_is_there()
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("new/folder/made.task", 1));
        Assert.True(exitCode == 0, errors);
        Assert.Equal(["made.task"], Directory.EnumerateFileSystemEntries(fixture.Path("new/folder")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("images", "is a directory")]
    [InlineData("images/bright/0.png/x.task", "cannot be written there")]
    public void A_place_that_cannot_be_written_to_is_found_before_the_first_step(string task, string problem)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(fixture.Train(task, 3));
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void The_backbone_and_the_checkpoint_are_not_replaced_by_the_task()
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("same.task", 3, "--checkpoint", fixture.Path("same.task")));
        Assert.Equal(1, exitCode);
        Assert.Contains("given twice", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_cannot_be_written_at_the_end_is_in_the_checkpoint_still()
    {
        string folder = Directory.CreateDirectory(fixture.Path("vanishing")).FullName;
        string[] train = fixture.Train("vanishing/x.task", 400, "--checkpoint", fixture.Path("kept"));
        using Process process = VptProcess.Start(train);
        VptProcess.WaitFor(process, "epoch 1/");
        Directory.Delete(folder);
        (int exitCode, _, string errors) = VptProcess.End(process);
        Assert.Equal(1, exitCode);
        Assert.Contains($"What was trained is in {fixture.Path("kept")}", errors, StringComparison.Ordinal);

        (exitCode, string output, errors) = VptProcess.Run(train);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("finished before", output, StringComparison.Ordinal);
        Assert.True(File.Exists(fixture.Path("vanishing/x.task")));
    }
}
