using System.Diagnostics;

namespace VptDsl.Testing;

/// <summary>Runs programs as a user does, outside of the test run's own build.</summary>
public static class DotNetProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(60);

    /// <summary>Runs the .NET command line; it must succeed.</summary>
    public static string Run(string folder, params string[] arguments)
    {
        (int exitCode, string output) = Start(folder, "dotnet", new Dictionary<string, string>(), arguments);
        Assert.True(exitCode == 0, $"'dotnet {string.Join(' ', arguments)}' failed:\n{output}");
        return output;
    }

    /// <summary>Runs a program.</summary>
    /// <returns>How it ended, and what it wrote.</returns>
    public static (int ExitCode, string Output) Start(
        string folder, string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A test run tells its children which SDK and which build it belongs to; these builds are their own.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // Build servers would outlive the test and hold its folder open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', arguments)}' did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
