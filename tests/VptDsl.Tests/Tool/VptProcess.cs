using System.Diagnostics;

namespace VptDsl.Tests.Tool;

/// <summary>The command line as a process of its own.</summary>
internal static class VptProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>A backbone that says all about itself.</summary>
    public static string Backbone => System.IO.Path.Combine(AppContext.BaseDirectory, "character-vit.safetensors");

    /// <summary>Runs a command to its end.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="culture">The shell's language, as <c>de_DE</c>.</param>
    /// <param name="input">A file to send to its standard input.</param>
    /// <param name="libraries">A folder in which native libraries are looked for first.</param>
    /// <param name="redirection">A shell's redirection, as <c>&gt;/dev/full</c>.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="cache">The folder of compiled models; one for all tests if left out.</param>
    /// <param name="environment">More variables of the environment.</param>
    public static (int ExitCode, string Output, string Errors) Run(
        IEnumerable<string> arguments, string culture = "C", string? input = null, string? libraries = null, string? redirection = null,
        string? folder = null, string? cache = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(
            arguments, culture, redirectInput: input is not null, libraries, redirection: redirection, folder: folder, cache: cache,
            environment: environment);
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(File.ReadAllBytes(input));
            process.StandardInput.Close();
        }

        return End(process);
    }

    /// <summary>Starts a command of the command line, or another sample.</summary>
    public static Process Start(
        IEnumerable<string> arguments, string culture = "C", bool redirectInput = false, string? libraries = null,
        string program = "vpt.dll",
        string? redirection = null, string? folder = null, string? cache = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] command = ["dotnet", System.IO.Path.Combine(AppContext.BaseDirectory, program), .. arguments];
        // A shell's background job, as tests may be, hands on that it ignores Ctrl-C, and nohup that it ignores the end of the terminal.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=HUP,INT,QUIT,TERM", .. command];
        if (redirection is not null)
            command = ["sh", "-c", $"exec \"$@\" {redirection}", "sh", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // What programs read, whatever shell these tests were started from.
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["VPTDSL_CACHE"] = cache ?? System.IO.Path.Combine(AppContext.BaseDirectory, "compiled-models");
        start.Environment["LC_ALL"] = $"{culture}.UTF-8";
        if (libraries is not null)
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a line of output that begins with a text.</summary>
    public static void WaitFor(Process process, string beginning)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"no \"{beginning}\": {process.StandardError.ReadToEnd()}");
    }

    /// <summary>Sends a signal, for instance <c>INT</c>.</summary>
    public static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end; a process that never ends fails the test instead of holding up all others.</summary>
    public static (int ExitCode, string Output, string Errors) End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The command did not end within {Patience}: {output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
