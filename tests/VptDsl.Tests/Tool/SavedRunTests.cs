using VptDsl.Data;
using VptDsl.Tests.Training;
using VptDsl.Tests.Training.Recipes;
using VptDsl.Tests.Weights;
using VptDsl.Tool.Shell;
using VptDsl.Training;

namespace VptDsl.Tests.Tool;

/// <summary>
/// Protects who tunes by command on a disk that is full: the result is written where there is room for it, and what is said names options
/// and not methods.
/// </summary>
public sealed class SavedRunTests(VptFixture fixture) : IClassFixture<VptFixture>, IDisposable
{
    private static readonly IImageSource Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(10, seed: 2);

    /// <summary>More than the file has that keeps other runs away.</summary>
    private const int LockBytes = 100;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_result_whose_checkpoint_finds_no_room_is_written_without_it()
    {
        var run = new SavedRun(new FileInfo(_folder.Path("a.task")));
        using var tuner = new ToyTuner(Device.Cpu(1), seed: 1);

        FitReport report = run.Fit(tuner, Train, Validation, Options(epochs: 3, () => Directory.CreateDirectory($"{run.Path}")));
        Directory.Delete(run.Path);
        run.Write(path => File.WriteAllText(path, "the task"));

        Assert.Equal(3, report.Epochs.Length);
        Assert.Equal(["a.task"], _folder.Files);
    }

    [Fact]
    public void A_result_that_finds_no_room_either_is_an_error_with_the_commands_remedies()
    {
        var checkpoint = new FileInfo(_folder.Path("kept.checkpoint"));
        var run = new SavedRun(new FileInfo(_folder.Path("a.task")), checkpoint);
        using var tuner = new ToyTuner(Device.Cpu(1), seed: 1);
        run.Fit(tuner, Train, Validation, Options(epochs: 3, () => Directory.CreateDirectory(run.Path)));

        string before = Assert.Throws<IOException>(() => run.Write(_ => throw new IOException("no space left."))).Message;
        Directory.Delete(run.Path);
        File.WriteAllText(run.Path, "an earlier save");
        string later = Assert.Throws<IOException>(() => run.Write(_ => throw new IOException("no space left."))).Message;

        Assert.Equal("no space left. Nothing of the run is saved: the same command, or one with another --task, trains anew.", before);
        Assert.Equal(
            $"no space left. {run.Path} has the run up to its last save: the same command goes on from there, and so does one with another "
                + $"--task and with --checkpoint {run.Path}.", later);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("kept.checkpoint")]
    public void A_run_that_diverged_says_which_option_to_change_and_is_in_nobodys_way(string? name)
    {
        FileInfo? checkpoint = name is null ? null : new FileInfo(_folder.Path(name));
        var run = new SavedRun(new FileInfo(_folder.Path("a.task")), checkpoint);
        // After the first save, which comes with the hundredth step.
        using var tuner = new ToyTuner(Device.Cpu(1), seed: 1, spoiledUpdate: 110);

        string message = Assert.Throws<InvalidOperationException>(
            () => run.Fit(tuner, Train, Validation, Options(epochs: 30, () => { }))).Message;

        Assert.Contains("give a lower --rate, a tenth for instance", message, StringComparison.Ordinal);
        Assert.DoesNotContain("BaseLearningRate", message, StringComparison.Ordinal);
        if (name is null)
        {
            Assert.Empty(_folder.Files);
        }
        else
        {
            Assert.Equal([name], _folder.Files);
            Assert.Contains($"delete {checkpoint}", message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void A_command_on_a_full_disk_says_so_before_it_trains()
    {
        using var disk = new SmallDisk(64 << 10);
        disk.LeaveRoom(0);

        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train(disk.Path("a.task"), 2));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{disk.Path("a.task.checkpoint")}: no run can be saved there: No space left on device", errors);
        Assert.EndsWith("Make room on the disk, or name another place.", errors.TrimEnd());
        Assert.Equal([SmallDisk.Filling], disk.Files);
    }

    [SkippableFact]
    public void A_command_that_finds_no_room_for_its_result_names_no_method_of_the_library()
    {
        using SmallDisk ofTask = new(64 << 10), ofRun = new(64 << 10);
        ofTask.LeaveRoom(0);
        ofRun.LeaveRoom(LockBytes);

        (int exitCode, _, string errors) = VptProcess.Run(
            fixture.Train(ofTask.Path("a.task"), 2, "--checkpoint", ofRun.Path("a.run")));

        Assert.Equal(1, exitCode);
        Assert.Contains($"{ofTask.Path("a.task")}: the file was not written: No space left on device", errors, StringComparison.Ordinal);
        Assert.EndsWith("one with another --task, trains anew.", errors.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("SaveTask", errors, StringComparison.Ordinal);
        Assert.Equal([SmallDisk.Filling], ofTask.Files);
        Assert.Equal([SmallDisk.Filling], ofRun.Files);
    }

    [SkippableFact]
    public void A_command_whose_disk_has_room_for_the_task_alone_writes_it()
    {
        using var disk = new SmallDisk(64 << 10);
        string[] command = fixture.Train(disk.Path("a.task"), 2);
        Assert.Equal(0, VptProcess.Run(command).ExitCode);
        byte[] task = File.ReadAllBytes(disk.Path("a.task"));
        File.Delete(disk.Path("a.task"));
        disk.LeaveRoom(task.Length);

        (int exitCode, _, string errors) = VptProcess.Run(command);

        Assert.True(exitCode == 0, errors);
        Assert.Contains($"a.task.checkpoint: the file was not written: ", errors, StringComparison.Ordinal);
        Assert.Contains($"The run has ended; {disk.Path("a.task")} is written without it, if there is room.", errors);
        Assert.Equal(task, File.ReadAllBytes(disk.Path("a.task")));
        Assert.Equal(["a.task", SmallDisk.Filling], disk.Files);
    }

    private static FitOptions Options(int epochs, Action atTheEnd) => new()
    {
        Epochs = epochs,
        BatchSize = 6,
        Progress = ProgressDisplay.Off,
        EpochCompleted = report =>
        {
            if (report.Epoch == epochs)
                atTheEnd();
        },
    };
}
