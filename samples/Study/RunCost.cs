using System.Diagnostics;
using System.Globalization;

namespace Study;

/// <summary>
/// What a training run takes. Each is measured in a process of its own, since a process never forgets its peak, and one after the other,
/// since others that train at the same time would share its time.
/// </summary>
/// <param name="PeakBytes">The process's peak working set; 0 where the system does not tell it, as macOS.</param>
/// <param name="Seconds">The time of the training.</param>
internal sealed record RunCost(long PeakBytes, double Seconds)
{
    /// <summary>The option with which the program starts itself.</summary>
    public const string Option = "--measure";

    /// <summary>The cost of a run in a process that does nothing else.</summary>
    /// <param name="protocol">What it trains.</param>
    /// <param name="options">Further options of the program.</param>
    /// <exception cref="IOException">The process came to no result.</exception>
    public static RunCost OfChild(Protocol protocol, params string[] options)
    {
        // The program is its own executable, or an assembly that dotnet runs.
        string executable = Environment.ProcessPath!, assembly = typeof(RunCost).Assembly.Location;
        bool isOwn = Path.GetFileNameWithoutExtension(executable) == Path.GetFileNameWithoutExtension(assembly);
        string[] arguments = [.. isOwn ? [] : new[] { assembly }, Option, protocol.Name, .. options];
        using Process child = Process.Start(new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true })!;
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 && Parse(printed) is { } cost
            ? cost
            : throw new IOException($"Measuring {protocol.Name} failed with exit code {child.ExitCode}: {printed}");
    }

    /// <summary>The cost of what this process has done until now.</summary>
    /// <param name="seconds">How long it trained.</param>
    public static RunCost OfThisProcess(double seconds)
    {
        using var process = Process.GetCurrentProcess();
        return new RunCost(process.PeakWorkingSet64, seconds);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null where it is something else.</summary>
    public static RunCost? Parse(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var first, var second]
        && long.TryParse(first, CultureInfo.InvariantCulture, out long bytes)
        && double.TryParse(second, CultureInfo.InvariantCulture, out double seconds)
            ? new RunCost(bytes, seconds)
            : null;

    /// <summary>Bytes and seconds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PeakBytes} {Seconds:F2}");
}
