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

    /// <summary>
    /// Starts a silo and waits until it is a member. On a busy machine others may take it for dead before it is, and it ends: as whoever
    /// looks after silos does, another is started then.
    /// </summary>
    public static async Task<SiloProcess> StartReadyAsync(Func<SiloProcess> start)
    {
        const int mostTries = 20;
        for (int tries = 1; ; tries++)
        {
            SiloProcess silo = start();
            if (await silo.IsReadyAsync())
                return silo;
            string errors = await silo._errors;
            silo.Dispose();
            Assert.True(tries < mostTries, $"the silo does not start: {errors}");
        }
    }

    /// <summary>Waits until it is a member, or ends.</summary>
    private async Task<bool> IsReadyAsync()
    {
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync();
        }
        while (line is not (null or "ready"));
        _ = _process.StandardOutput.ReadToEndAsync();
        return line is not null;
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
