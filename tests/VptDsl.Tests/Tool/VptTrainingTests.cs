using System.Diagnostics;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests.Tool;

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
    public void Two_processes_write_the_bytes_that_one_writes_with_their_shards()
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("alone.task", 3, "--batch", "4", "--micro-batch", "2"));
        Assert.True(exitCode == 0, errors);

        (exitCode, string output, errors) = VptProcess.Run(fixture.Train("together.task", 3, "--batch", "4", "--workers", "2"));

        Assert.True(exitCode == 0, errors);
        Assert.DoesNotContain("is lost", output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(fixture.Path("alone.task")), File.ReadAllBytes(fixture.Path("together.task")));
        Assert.Empty(Directory.EnumerateFiles(fixture.Path("."), "together.task.checkpoint"));
    }

    [Theory]
    [InlineData("VPTDSL_WORKER_SECRET", "--lead", "127.0.0.1:0")]
    [InlineData("VPTDSL_WORKER_SECRET", "--join", "127.0.0.1:7311")]
    [InlineData("give one of the two", "--join", "a:1", "--lead", "b:1")]
    public void Workers_that_cannot_be_are_refused_in_a_sentence(string problem, params string[] options)
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("refused.task", 1, options));

        Assert.NotEqual(0, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
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
    [InlineData("missing.task/", "is a directory")]
    [InlineData("images/../images/bright/new.task", "lies in")]
    [InlineData("images/bright/0.png", "lies in")]
    [InlineData("file/x.task", "cannot be written there")]
    [InlineData("file", "is no task file of VptDsl")]
    public void A_place_that_cannot_be_written_to_is_found_before_the_first_step(string task, string problem)
    {
        File.WriteAllText(fixture.Path("file"), "of somebody");
        (int exitCode, string output, string errors) = VptProcess.Run(fixture.Train(task, 3));
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.Equal("of somebody", File.ReadAllText(fixture.Path("file")));
    }

    [Fact]
    public void The_checkpoint_is_not_replaced_by_the_task()
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train("same.task", 3, "--checkpoint", fixture.Path("same.task")));
        Assert.Equal(1, exitCode);
        Assert.Contains("given twice", errors, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("--task", "backbone", "backbone.safetensors")]
    [InlineData("--task", "backbone", "link/backbone.safetensors")]
    [InlineData("--task", "backbone", "link/to-backbone")]
    [InlineData("--task", "x.task.checkpoint", "x.task")]
    [InlineData("--checkpoint", "link/backbone.safetensors", "backbone.safetensors")]
    public void The_backbone_is_not_replaced_under_any_name_of_it(string option, string backbone, string written)
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a privilege there.");
        string folder = Directory.CreateDirectory(fixture.Path(Path.GetRandomFileName())).FullName;
        string real = Path.Combine(folder, "backbone.safetensors");
        File.Copy(VptProcess.Backbone, real);
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), ".");
        File.CreateSymbolicLink(
            Path.Combine(folder, "to-backbone"), "link/./link/../" + Path.GetFileName(folder) + "/backbone.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder, "backbone"), real);
        File.CreateSymbolicLink(Path.Combine(folder, "x.task.checkpoint"), real);
        string[] train = fixture.Train("unused.task", 3);
        train[Array.IndexOf(train, "--backbone") + 1] = Path.Combine(folder, backbone);
        train = option == "--task"
            ? [.. train.Select(argument => argument == fixture.Path("unused.task") ? Path.Combine(folder, written) : argument)]
            : [.. train, option, Path.Combine(folder, written)];

        (int exitCode, string output, string errors) = VptProcess.Run(train);
        Assert.Equal(1, exitCode);
        Assert.Contains("which is read and would be replaced", errors, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.Equal(File.ReadAllBytes(VptProcess.Backbone), File.ReadAllBytes(real));
    }

    [SkippableFact]
    public void Images_are_not_written_among_through_a_link()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateSymbolicLink(fixture.Path("elsewhere"), fixture.Path("images/bright"));
        Assert.Contains("lies in", VptProcess.Run(fixture.Train("elsewhere/x.task", 3)).Errors, StringComparison.Ordinal);
        Assert.Contains(
            "lies in",
            VptProcess.Run(fixture.Train(
                "kept.task", 3, "--validation", fixture.Path("elsewhere"), "--checkpoint", fixture.Path("images/bright/x"))).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_was_trained_before_and_an_empty_file_are_replaced()
    {
        File.WriteAllBytes(fixture.Path("again.task"), []);
        Assert.Equal(0, VptProcess.Run(fixture.Train("again.task", 1)).ExitCode);
        Assert.Equal(0, VptProcess.Run(fixture.Train("again.task", 1)).ExitCode);
    }

    [SkippableTheory]
    [InlineData(" ", "blank")]
    [InlineData("/dev/null", "is a device")]
    [InlineData("pipe", "is a pipe")]
    [InlineData("circle", "symbolic links")]
    public void A_name_that_is_no_file_s_is_refused(string task, string problem)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Devices and links are Linux's.");
        string folder = Directory.CreateDirectory(fixture.Path(Path.GetRandomFileName())).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "circle"), "circle");
        SpecialFiles.MakePipe(Path.Combine(folder, "pipe"));
        string[] train = fixture.Train("unused.task", 3);
        train[Array.IndexOf(train, "--task") + 1] = task;
        (int exitCode, string output, string errors) = VptProcess.Run(train, folder: folder);
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [SkippableFact]
    public void A_folder_of_memory_is_no_device()
    {
        Skip.IfNot(Directory.Exists("/dev/shm"), "Linux has it.");
        string task = $"/dev/shm/{Path.GetRandomFileName()}.task";
        string[] train = fixture.Train("unused.task", 1);
        train[Array.IndexOf(train, "--task") + 1] = task;
        (int exitCode, _, string errors) = VptProcess.Run(train);
        Assert.True(exitCode == 0, errors);
        Assert.True(File.Exists(task));
        File.Delete(task);
    }

    [Fact]
    public void One_image_cannot_be_held_out_and_learned_from()
    {
        string folder = Directory.CreateDirectory(fixture.Path("single/class")).FullName;
        File.Copy(fixture.Path("images/bright/0.png"), Path.Combine(folder, "0.png"));
        string[] train =
        [
            .. fixture.Train("single.task", 1).Select(argument => argument == fixture.Path("images") ? fixture.Path("single") : argument),
        ];
        (int exitCode, _, string errors) = VptProcess.Run(train);
        Assert.Equal(1, exitCode);
        Assert.Contains("one training image, and it is held out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_cannot_be_written_at_the_end_is_in_the_checkpoint_still()
    {
        string folder = Directory.CreateDirectory(fixture.Path("vanishing")).FullName;
        // So many epochs are told of in more text than a pipe holds: the run waits until it is read.
        string[] train = fixture.Train("vanishing/x.task", 2000, "--checkpoint", fixture.Path("kept"));
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
