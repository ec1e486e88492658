using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VptDsl.Tool.Shell;

/// <summary>Work that is saved when somebody presses Ctrl-C, closes the terminal or ends the program.</summary>
/// <remarks>
/// The first signal cancels <see cref="Token"/>, and the work ends between two steps. A later one ends the program at once, as does the
/// first where no such work is under way: files are whole or not there at all, whenever that is.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private const int HangUp = 1;

    private static readonly (PosixSignal Signal, int Number)[] Signals =
        [(PosixSignal.SIGHUP, HangUp), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)];

    // Some senders signal a process and its group, which is one wish that arrives twice.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(200);

    private static readonly List<PosixSignalRegistration> Registrations = [];

    // Several at once: a server or a silo may pull a model while it serves.
    private static readonly List<Interruption> UnderWay = [];
    private static long _stopped;

    private readonly CancellationTokenSource _source = new();

    private Interruption()
    {
    }

    /// <summary>The exit code of the signal that came; null if none has.</summary>
    public static int? ExitCode { get; private set; }

    /// <summary>Cancelled when a signal comes.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Begins to listen for signals.</summary>
    public static void Watch()
    {
        foreach ((PosixSignal signal, int number) in Signals)
            Registrations.Add(PosixSignalRegistration.Create(signal, context => Handle(context, number)));
    }

    /// <summary>Begins work that can be saved; it ends with <see cref="Dispose"/>.</summary>
    public static Interruption Begin()
    {
        var work = new Interruption();
        lock (UnderWay)
            UnderWay.Add(work);
        return work;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (UnderWay)
            UnderWay.Remove(this);
    }

    internal static void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        Interruption[] works;
        lock (UnderWay)
            works = [.. UnderWay];
        if (works.Length == 0 && Volatile.Read(ref _stopped) == 0)
        {
            Exit(number);
        }
        else if (Interlocked.CompareExchange(ref _stopped, Stopwatch.GetTimestamp(), 0) == 0)
        {
            ExitCode = 128 + number;
            Errors.Say($"{Environment.NewLine}Stopping after this step; once more stops at once.");
            foreach (Interruption work in works)
                work._source.Cancel();
        }
        else if (number != HangUp && Stopwatch.GetElapsedTime(_stopped) > Echo)
        {
            Exit(number);
        }
    }

    // A progress bar may have hidden it.
    private static void ShowCursor()
    {
        try
        {
            if (!Console.IsOutputRedirected)
                Console.CursorVisible = true;
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
    }

    private static void Exit(int number)
    {
        ShowCursor();
        Environment.Exit(128 + number);
    }
}
