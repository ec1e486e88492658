using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using VptDsl.Tool.Hosting;

namespace VptDsl.Tool.Commands;

/// <summary>Starts what answers over HTTP.</summary>
internal static class Listening
{
    /// <summary>What holds of every port that somebody asks for.</summary>
    public const string AboutPorts = "ports below 1024 are the administrator's on most systems.";

    /// <summary>Starts a host that listens where <c>--urls</c> says.</summary>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task StartAsync(IHost host, string urls)
    {
        try
        {
            await HostLife.StartAsync(host, CancellationToken.None);
        }
        catch (Exception e) when (Problem(e, urls) is { } problem)
        {
            throw new IOException(problem, e);
        }
    }

    /// <summary>What to say where a host could not listen at addresses; null if that is not what it failed of.</summary>
    public static string? Problem(Exception e, string? urls) => urls is not null && Reason(e) is { } reason
        ? $"Nothing can listen at {urls}: {reason}. Give --urls an address of this machine and a port that is free; {AboutPorts}"
        : null;

    /// <summary>Why something could not listen, in the system's words; null if that is not what it failed of.</summary>
    /// <remarks>What is thrown depends on the address: for <c>localhost</c>, which is two, the system's own error lies deep.</remarks>
    public static string? Reason(Exception e) => e switch
    {
        SocketException or AddressInUseException => e.Message.TrimEnd('.'),
        IOException { InnerException: AddressInUseException inner } => Reason(inner),
        IOException { InnerException: AggregateException { InnerExceptions: [var first, ..] } } => Reason(first),
        _ => null,
    };
}
