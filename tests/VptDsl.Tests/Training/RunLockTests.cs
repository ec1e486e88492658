using System.Globalization;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Tests.Training;

/// <summary>A checkpoint has one run at a time, and a place that it can be written to.</summary>
public sealed class RunLockTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly TempFolder _folder = new();

    private string Run => _folder.Path("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_is_refused_and_told_who_has_the_file()
    {
        using (RunLock.Take(Run))
        {
            string message = Assert.Throws<IOException>(() => RunLock.Take(Run)).Message;
            Assert.Contains(Run, message, StringComparison.Ordinal);
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"(process {Environment.ProcessId}, this one)"),
                message,
                StringComparison.Ordinal);
        }

        RunLock.Take(Run).Dispose();
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void What_a_killed_process_left_behind_holds_nobody_up()
    {
        _folder.Write("run.lock", "1 0123456789abcdef"u8.ToArray());
        RunLock.Take(Run).Dispose();
        Assert.Empty(_folder.Files);
    }

    [SkippableFact]
    public void What_another_users_killed_run_left_behind_holds_nobody_up_where_it_may_be_deleted()
    {
        _folder.Write("run.lock", "1 0123456789abcdef"u8.ToArray());
        OtherUser.Let(_folder.Root, Everybody);

        OtherUser.Do(() =>
        {
            using var held = RunLock.Take(Run);
            Assert.Throws<IOException>(() => RunLock.Take(Run));
        });

        Assert.Empty(_folder.Files);
    }

    [SkippableFact]
    public void Another_users_run_has_its_file()
    {
        OtherUser.Let(_folder.Root, Everybody);
        using var held = RunLock.Take(Run);

        string message = "";
        OtherUser.Do(() => message = Assert.Throws<IOException>(() => RunLock.Take(Run)).Message);

        Assert.Contains($"another run saves itself to this file (process {Environment.ProcessId}, this one)", message);
        Assert.Equal(["run.lock"], _folder.Files);
    }

    [SkippableTheory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead)]
    public void A_lock_that_may_not_be_deleted_is_named_and_not_the_process_that_was(UnixFileMode mode)
    {
        _folder.Write("run.lock", "1 0123456789abcdef"u8.ToArray());
        OtherUser.Let(_folder.Root, Everybody | UnixFileMode.StickyBit);
        OtherUser.Let($"{Run}.lock", mode);

        string message = "";
        OtherUser.Do(() => message = Assert.Throws<IOException>(() => RunLock.Take(Run)).Message);

        Assert.Contains($"{Run}.lock, which cannot be written to", message, StringComparison.Ordinal);
        Assert.Contains("If no run has it any more, delete that file", message, StringComparison.Ordinal);
        Assert.DoesNotContain("process 1", message, StringComparison.Ordinal);
        Assert.Equal(["run.lock"], _folder.Files);
    }

    [Fact]
    public void A_folder_in_the_locks_place_is_no_run()
    {
        Directory.CreateDirectory(Run + ".lock");

        string message = Assert.Throws<IOException>(() => RunLock.Take(Run)).Message;

        Assert.Contains($"{Run}.lock, but that is a folder: take it away, or give the run another file", message, StringComparison.Ordinal);
        Assert.DoesNotContain("another run saves itself", message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Run + ".lock"));
    }

    [Fact]
    public void However_many_try_at_once_never_do_two_have_it()
    {
        int holders = 0, most = 0, successes = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int i = 0; i < 100; i++)
            {
                try
                {
                    using var held = RunLock.Take(Run);
                    InterlockedMax(ref most, Interlocked.Increment(ref holders));
                    Interlocked.Increment(ref successes);
                    Thread.Yield();
                    Interlocked.Decrement(ref holders);
                }
                catch (IOException)
                {
                }
            }
        });
        Assert.True(successes > 0);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Two_fits_of_one_process_do_not_share_a_checkpoint()
    {
        using var program = new SoftmaxRegression(3, 3);
        using var other = new SoftmaxRegression(3, 3);
        var train = ToySets.BrightRows(12, seed: 1);
        IOException? refused = null;
        var options = new FitOptions { Epochs = 1, Progress = ProgressDisplay.Off, Checkpoint = new Checkpoint(Run) };
        Trainer.Fit(program, train, null, options with
        {
            EpochCompleted = _ => refused = Assert.Throws<IOException>(() => Trainer.Fit(other, train, null, options)),
        });
        Assert.Contains("this one", refused!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing/run", "does not exist")]
    [InlineData("", "this is a directory")]
    public void A_place_that_cannot_be_written_to_is_found_before_the_first_step(string name, string problem)
    {
        using var program = new SoftmaxRegression(3, 3);
        var options = new FitOptions { Progress = ProgressDisplay.Off, Checkpoint = new Checkpoint(_folder.Path(name)) };
        string message = Assert.Throws<IOException>(() => Trainer.Fit(program, ToySets.BrightRows(12, seed: 1), null, options)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Empty(program.Batches);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
