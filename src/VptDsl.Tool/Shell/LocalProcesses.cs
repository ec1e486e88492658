using System.Diagnostics;

namespace VptDsl.Tool.Shell;

/// <summary>Processes of this very command that help it.</summary>
internal sealed class LocalProcesses : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<Process> _processes = [];

    private LocalProcesses()
    {
    }

    /// <summary>Starts the command again.</summary>
    /// <param name="count">How often.</param>
    /// <param name="added">What is added to its arguments.</param>
    /// <param name="secret">What the processes know.</param>
    public static LocalProcesses Start(int count, string[] added, string secret)
    {
        var processes = new LocalProcesses();
        try
        {
            for (int i = 0; i < count; i++)
                processes._processes.Add(Again(added, secret));
            return processes;
        }
        catch
        {
            processes.Dispose();
            throw;
        }
    }

    /// <summary>Waits for their end, which is near when the run is over; ends those that do not come to it.</summary>
    public void Dispose()
    {
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        foreach (Process process in _processes)
        {
            if (!process.WaitForExit((int)Math.Max(0, end - Environment.TickCount64)))
                process.Kill();
            process.Dispose();
        }
    }

    private static Process Again(string[] added, string secret)
    {
        string program = Environment.ProcessPath ?? "vpt";
        string[] command = Environment.GetCommandLineArgs();
        // Under the dotnet host the first argument is the program; otherwise it is what the program was called.
        bool isHosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, [.. isHosted ? command : command[1..], .. added]) { RedirectStandardOutput = true };
        start.Environment[WorkerSecretVariable.Name] = secret;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
