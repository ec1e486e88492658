using System.Globalization;
using System.Net;

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
}
