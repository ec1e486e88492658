using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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

    /// <summary>Starts a silo on this machine and does not wait for it.</summary>
    public static SiloProcess Start(string settings) => Start(["dotnet", Program, settings, "127.0.0.1"]);

    /// <summary>Starts a silo on a machine of a network and does not wait for it.</summary>
    public static SiloProcess Start(string settings, SplitNetwork network, int machine) =>
        Start(network.On(machine, "dotnet", Program, settings, network.Address(machine)));

    /// <summary>Connects to silos as a command does.</summary>
    public static async Task<IHost> ConnectAsync(string settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client.UseVptCluster(ClusterSettings.Load(settings)));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
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

    private static string Program => Path.Combine(AppContext.BaseDirectory, "VptDsl.Orleans.TestSilo.dll");

    private static SiloProcess Start(string[] command) => new(Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(10));
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!HasEnded)
            Kill();
        _process.Dispose();
    }
}
