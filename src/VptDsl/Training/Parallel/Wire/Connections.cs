using System.Net.Sockets;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>Connections between workers.</summary>
internal static class Connections
{
    private const int QuietSeconds = 30, ProbeSeconds = 10, Probes = 3;

    // Of Linux: the level of TCP, and its option of how long it goes on sending what nobody acknowledges. Probes wait for that.
    private const int LinuxTcp = 6, LinuxUserTimeout = 18;

    /// <summary>A stream that sends at once, and notices within a minute that the other machine is gone.</summary>
    public static NetworkStream Open(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, QuietSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (OperatingSystem.IsLinux())
        {
            int milliseconds = 1000 * (QuietSeconds + (Probes * ProbeSeconds));
            socket.SetRawSocketOption(LinuxTcp, LinuxUserTimeout, BitConverter.GetBytes(milliseconds));
        }

        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">Nobody answers.</exception>
    public static async Task<NetworkStream> ConnectAsync(WorkerAddress address, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellation).ConfigureAwait(false);
            return Open(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
