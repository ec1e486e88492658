using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Logs;

namespace VptDsl.Tests.Training;

/// <summary>Protects runs on disks that are full or may not be written to: they end, and what is said has a remedy.</summary>
public sealed class FullDiskTests
{
    private const string Remedy = "Make room on the disk, or name another place for the log.";

    private static readonly IImageSource Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(10, seed: 2);

    public static TheoryData<string> Logs => ["run.csv", "run.jsonl", "board"];

    [SkippableTheory]
    [MemberData(nameof(Logs))]
    public void A_log_on_a_disk_that_becomes_full_is_a_warning_with_a_remedy(string name)
    {
        using var disk = new SmallDisk(64 << 10);

        FitReport report = Fit(LogIn(disk, name), () => disk.LeaveRoom(0));

        string warning = Assert.Single(report.Warnings);
        Assert.StartsWith($"The log {disk.Path(name)} could not be written: ", warning, StringComparison.Ordinal);
        Assert.EndsWith($"{Remedy} The run goes on without it.", warning, StringComparison.Ordinal);
        Assert.Equal(40, report.Epochs.Length);
    }

    [SkippableTheory]
    [MemberData(nameof(Logs))]
    public void A_log_on_a_disk_that_may_not_be_written_to_is_an_error_with_a_remedy_before_the_run(string name)
    {
        using var disk = new SmallDisk(64 << 10);
        Directory.CreateDirectory(disk.Path("board"));
        disk.Protect();

        string message = Assert.Throws<IOException>(() => Fit(LogIn(disk, name), () => Assert.Fail("The run has begun."))).Message;

        Assert.Contains(disk.Root, message, StringComparison.Ordinal);
        Assert.Matches("Make room on the disk,? or name", message);
    }

    [Fact]
    public void A_stream_that_fails_is_an_error_with_a_remedy()
    {
        using var stream = new FailingStream();

        string message = Assert.Throws<IOException>(() => LogFile.Try(() => stream.Write([1]))).Message;

        Assert.Equal($"no space left. {Remedy}", message);
    }

    private static IRunLog LogIn(SmallDisk disk, string name) => name switch
    {
        "run.csv" => new CsvLog(disk.Path(name)),
        "run.jsonl" => new JsonLinesLog(disk.Path(name)),
        _ => new TensorBoardLog(disk.Path(name)),
    };

    private static FitReport Fit(IRunLog log, Action afterFirstEpoch)
    {
        using var program = new SoftmaxRegression(3, 3);
        return Trainer.Fit(program, Train, Validation, new FitOptions
        {
            Epochs = 40,
            BatchSize = 6,
            Progress = ProgressDisplay.Off,
            LogEverySteps = 1,
            Logs = [log],
            EpochCompleted = report =>
            {
                if (report.Epoch == 1)
                    afterFirstEpoch();
            },
        });
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("no space left.");
    }
}
