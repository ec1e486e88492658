using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VptDsl.Orleans;

/// <summary>Where a silo listens.</summary>
public sealed record SiloEndpoint
{
    /// <summary>The address at which other silos and clients reach it; null for the machine's own.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The port for silos; 0, the default, for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port for clients; 0, the default, for a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Address and ports.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Address?.ToString() ?? "this machine"}, ports {Port} and {GatewayPort}");

    /// <summary>Chooses ports where none are stated.</summary>
    internal SiloEndpoint WithPorts()
    {
        // Both at once, so that they are two.
        using Socket first = Free(), second = Free();
        return this with { Port = Port > 0 ? Port : PortOf(first), GatewayPort = GatewayPort > 0 ? GatewayPort : PortOf(second) };
    }

    private static Socket Free()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
