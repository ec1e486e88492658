using System.ComponentModel;
using System.Diagnostics;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>A program of NVIDIA's that needs no GPU.</summary>
internal static class NvidiaTool
{
    /// <summary>What it says; null where it is not on the path.</summary>
    /// <exception cref="InvalidOperationException">It refuses what it is given; says why.</exception>
    public static string? TryRun(string program, params string[] arguments)
    {
        try
        {
            using Process process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Result + errors : throw new InvalidOperationException($"{program}: {errors}");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
