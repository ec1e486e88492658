using System.Diagnostics;
using VptDsl.Testing;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>Protects runs: a training process may be killed at any moment and started again, and ends with the very bytes.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly int Kills = TestTier.IsAll ? 10 : 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-kill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("deep")]
    [InlineData("late")]
    public void A_process_killed_again_and_again_writes_the_same_task_file(string model)
    {
        string expected = Folder("undisturbed"), folder = Folder("killed");
        Assert.True(Run(model, expected, pause: 0, kill: null));
        byte[] task = File.ReadAllBytes(Path.Combine(expected, "task"));

        var random = new Random(model.Length);
        for (int kills = 0, runs = 0; kills < Kills || !File.Exists(Path.Combine(folder, "task")); runs++)
        {
            Assert.True(runs < 40 * Kills, "the run does not come to an end");
            bool isLast = kills == Kills;
            if (!Run(model, folder, pause: 5, isLast ? null : new Kill(random.Next(5), random.Next(12))))
            {
                kills++;
            }
            else if (!isLast)
            {
                Assert.Equal(task, File.ReadAllBytes(Path.Combine(folder, "task")));
                Directory.Delete(folder, recursive: true);
                Folder("killed");
            }
        }

        Assert.Equal(task, File.ReadAllBytes(Path.Combine(folder, "task")));
        Assert.Equal(["checkpoint", "task"], Files(folder));
    }

    [SkippableFact]
    public void A_full_disk_ends_the_run_with_the_old_checkpoint_in_place()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Files are limited by a shell's ulimit.");
        string folder = Folder("full"), checkpoint = Path.Combine(folder, "checkpoint");
        Assert.False(Run("deep", folder, pause: 600_000, new Kill(AfterEpochs: 1, Milliseconds: 0)));
        byte[] before = File.ReadAllBytes(checkpoint);

        // A file of this process may have as many blocks of 1 KiB; the signal that says so is ignored, so that writing fails.
        using Process process = Start("bash", "-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "bash", "dotnet", Host, "deep", folder, "0");
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("What was there before is unchanged. Make room on the disk", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
        Assert.Equal(["checkpoint"], Files(folder));
        Assert.True(Run("deep", folder, pause: 0, kill: null));
    }

    private static string Host => Path.Combine(AppContext.BaseDirectory, "VptDsl.TrainingHost.dll");

    /// <summary>Runs the host.</summary>
    /// <returns>Whether it came to its end; otherwise it was killed.</returns>
    private static bool Run(string model, string folder, int pause, Kill? kill)
    {
        using Process process = Start("dotnet", Host, model, folder, $"{pause}");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? line = "";
        for (int lines = 0; line is not (null or "done") && (kill is null || lines <= kill.AfterEpochs); lines++)
            line = process.StandardOutput.ReadLine();
        if (kill is not null && !process.WaitForExit(kill.Milliseconds))
            process.Kill();
        process.WaitForExit();
        string output = line + process.StandardOutput.ReadToEnd();
        if (output.Contains("done", StringComparison.Ordinal))
            return true;
        Assert.True(kill is not null && errors.Result.Length == 0, $"the run failed: {errors.Result}");
        return false;
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The runtime reserves its memory for code as a huge file, which no limit allows.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>When to kill a process: so long after it said that it is ready or that it finished so many epochs.</summary>
    private sealed record Kill(int AfterEpochs, int Milliseconds);

    private string Folder(string name) => _folder.CreateSubdirectory(name).FullName;

    // A process that dies may leave its lock, which holds nobody up.
    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Select(file => Path.GetFileName(file)).Where(name => name != "checkpoint.lock").Order(StringComparer.Ordinal);
}
