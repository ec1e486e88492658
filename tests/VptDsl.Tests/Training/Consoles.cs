using Spectre.Console;

namespace VptDsl.Tests.Training;

/// <summary>Consoles that write into a test's own text.</summary>
internal static class Consoles
{
    /// <summary>One that nobody looks at, as where the output is redirected.</summary>
    public static IAnsiConsole To(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(output),
    });
}
