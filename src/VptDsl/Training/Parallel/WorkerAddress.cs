using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VptDsl.Common;

namespace VptDsl.Training.Parallel;

/// <summary>Where a run's leader is: a host and a port.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
internal readonly record struct WorkerAddress(string Host, int Port)
{
    /// <summary>Reads "host:port"; an IPv6 address stands in brackets.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static WorkerAddress Parse(string text, string parameter)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Length == 0 || (host.Contains(':') && !isBracketed)
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            throw new ArgumentException(
                $"{Quoted.Text(text)} is no address of a run's leader: write host:port, for instance 10.0.0.1:7311, or [::1]:7311.",
                parameter);
        }

        return new(isBracketed ? host[1..^1] : host, port);
    }

    /// <summary>The first address that the host's name stands for.</summary>
    /// <exception cref="IOException">It stands for none.</exception>
    public IPEndPoint Resolve()
    {
        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(Host)[0], Port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new IOException($"The host {Quoted.Text(Host)} is not known ({e.Message.TrimEnd('.')}): correct the address.", e);
        }
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");
}
