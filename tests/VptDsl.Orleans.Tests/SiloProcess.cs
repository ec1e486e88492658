using System.Diagnostics;

namespace VptDsl.Orleans.Tests;

/// <summary>A silo as a process of its own, which tests kill.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private SiloProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Whether it has ended, by itself or by a kill.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it said on standard error, once it has ended.</summary>
    public string Errors => _errors.Result;

    /// <summary>Starts a silo and does not wait for it.</summary>
    public static SiloProcess Start(string settings, params string[] version)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "VptDsl.Orleans.TestSilo.dll");
        return new SiloProcess(Process.Start(new ProcessStartInfo("dotnet", [program, settings, .. version])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits until it is a member.</summary>
    public async Task<SiloProcess> ReadyAsync()
    {
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync();
        }
        while (line is not (null or "ready"));
        Assert.True(line == "ready", $"the silo does not start: {(line is null ? await _errors : "")}");
        _ = _process.StandardOutput.ReadToEndAsync();
        return this;
    }

    /// <summary>Kills it at once, as the kernel does that is out of memory.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!HasEnded)
            Kill();
        _process.Dispose();
    }
}
