using System.Diagnostics;
using System.Globalization;

namespace Study;

/// <summary>
/// Measures what training takes of the machine's memory: in a process for each protocol, since a process never forgets its peak.
/// </summary>
internal static class PeakMemory
{
    /// <summary>The option with which the program starts itself.</summary>
    public const string Option = "--measure";

    /// <summary>The peak working set, in bytes, of a process that trains a protocol for an epoch.</summary>
    /// <exception cref="IOException">The process came to no number.</exception>
    public static long OfChild(Protocol protocol)
    {
        // The program is its own executable, or an assembly that dotnet runs.
        string executable = Environment.ProcessPath!, assembly = typeof(PeakMemory).Assembly.Location;
        bool isOwn = Path.GetFileNameWithoutExtension(executable) == Path.GetFileNameWithoutExtension(assembly);
        string[] arguments = isOwn ? [Option, protocol.Name] : [assembly, Option, protocol.Name];
        using Process child = Process.Start(new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true })!;
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 && long.TryParse(printed, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new IOException($"Measuring the memory of {protocol.Name} failed with exit code {child.ExitCode}: {printed}");
    }

    /// <summary>The peak working set of this process until now, in bytes.</summary>
    public static long OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
