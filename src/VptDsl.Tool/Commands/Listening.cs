using System.Net.Sockets;
using Microsoft.Extensions.Hosting;

namespace VptDsl.Tool.Commands;

/// <summary>Starts what answers over HTTP.</summary>
internal static class Listening
{
    /// <summary>Starts a host that listens where <c>--urls</c> says.</summary>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task StartAsync(IHost host, string? urls, CancellationToken cancellation = default)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (SocketException e) when (urls is not null)
        {
            throw new IOException(
                $"Nothing can listen at {urls}: {e.Message.TrimEnd('.')}. Give --urls an address of this machine and a port that is free; "
                    + "ports below 1024 are the administrator's on most systems.",
                e);
        }
    }
}
