using System.Diagnostics;
using System.Globalization;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Machines of a network, of which each can be cut off: namespaces of the kernel, joined by a bridge that this machine is on too.
/// </summary>
internal sealed class SplitNetwork : IDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"vpt{Environment.ProcessId % 100_000}");
    // Addresses for benchmarks of networks (RFC 2544), which lead nowhere.
    private readonly string _net = string.Create(CultureInfo.InvariantCulture, $"198.18.{Environment.ProcessId % 256}");
    private readonly int _machines;

    private SplitNetwork(int machines) => _machines = machines;

    /// <summary>This machine's address on the bridge.</summary>
    public string Host => $"{_net}.1";

    /// <summary>Makes a network, or skips the test, visibly, where this user or this system cannot.</summary>
    public static SplitNetwork Create(int machines)
    {
        var network = new SplitNetwork(machines);
        try
        {
            string? problem = OperatingSystem.IsLinux() ? network.TryBuild() : "Namespaces of networks are Linux's.";
            Skip.If(problem is not null, $"There is no network to cut: {problem}");
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A machine's address.</summary>
    /// <param name="machine">Which, from 0.</param>
    public string Address(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_net}.{machine + 2}");

    /// <summary>The command that runs a command on a machine.</summary>
    public string[] On(int machine, params string[] command) => ["ip", "netns", "exec", Namespace(machine), .. command];

    /// <summary>Pulls a machine's plug, or puts it back.</summary>
    public void Plug(int machine, bool isIn)
    {
        if (Run("ip", "link", "set", Cable(machine), isIn ? "up" : "down") is { } problem)
            throw new InvalidOperationException(problem);
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsLinux())
            return;
        for (int machine = 0; machine < _machines; machine++)
        {
            Run("ip", "link", "del", Cable(machine));
            Run("ip", "netns", "del", Namespace(machine));
        }

        Run("ip", "link", "del", _name);
    }

    private string Namespace(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{machine}");

    private string Cable(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_name}c{machine}");

    private string? TryBuild()
    {
        string? problem = Run("ip", "link", "add", _name, "type", "bridge")
            ?? Run("ip", "addr", "add", $"{Host}/24", "dev", _name)
            ?? Run("ip", "link", "set", _name, "up");
        for (int machine = 0; machine < _machines && problem is null; machine++)
        {
            string place = Namespace(machine);
            problem = Run("ip", "netns", "add", place)
                ?? Run("ip", "link", "add", Cable(machine), "type", "veth", "peer", "name", "eth0", "netns", place)
                ?? Run("ip", "link", "set", Cable(machine), "master", _name, "up")
                ?? Run("ip", "-n", place, "addr", "add", $"{Address(machine)}/24", "dev", "eth0")
                ?? Run("ip", "-n", place, "link", "set", "lo", "up")
                ?? Run("ip", "-n", place, "link", "set", "eth0", "up");
        }

        // A firewall that drops what crosses a bridge lets this wait for an answer; a port that nobody listens on refuses at once.
        return problem ?? (RunFor(3_000, On(0, "bash", "-c", $"</dev/tcp/{Address(1)}/9")) is null
            ? "what crosses a bridge does not arrive on this machine"
            : null);
    }

    /// <returns>What the command complains of; null where it did what it should.</returns>
    private static string? Run(params string[] command)
    {
        try
        {
            (int code, string errors) = RunFor(30_000, command) ?? (1, "no answer");
            return code == 0 ? null : $"{string.Join(' ', command)}: {errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{command[0]}: {e.Message}";
        }
    }

    private static (int Code, string Errors)? RunFor(int milliseconds, params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill();
            return null;
        }

        return (process.ExitCode, process.StandardError.ReadToEnd());
    }
}
