using System.Net;
using System.Net.Sockets;

namespace VptDsl.Orleans.Stores;

/// <summary>Free ports for a silo, which nobody else is given before it listens on them.</summary>
/// <remarks>
/// A socket that is bound and does not listen keeps its port from those who ask for any, and on Linux not from who asks for that one. Other
/// systems have no such sockets: there the ports are free, and may be gone until the silo asks for them.
/// </remarks>
internal sealed class ReservedPorts : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly List<Socket> _held = [];

    /// <summary>Takes as many as are not stated.</summary>
    public ReservedPorts(SiloEndpoint endpoint)
    {
        // Both before either is released, so that they are two.
        Endpoint = endpoint with { Port = Take(endpoint.Port), GatewayPort = Take(endpoint.GatewayPort) };
        if (!OperatingSystem.IsLinux())
            Release();
    }

    /// <summary>The endpoint with ports.</summary>
    public SiloEndpoint Endpoint { get; }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ReservedPorts), ServiceLifecycleStage.Last, _ =>
    {
        Release();
        return Task.CompletedTask;
    });

    private void Release()
    {
        foreach (Socket socket in _held)
            socket.Dispose();
    }

    private int Take(int stated)
    {
        if (stated > 0)
            return stated;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _held.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
