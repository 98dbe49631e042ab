using System.Net;
using System.Net.Sockets;
using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Registry.Tests;

/// <summary>A name service of a few names, whose addresses all lead to this machine.</summary>
internal sealed class TestNetwork : MachineNetwork
{
    /// <summary>The addresses that names have here; any other name is unknown.</summary>
    public Dictionary<string, string> Names { get; } = [];

    /// <summary>Whether nobody takes a connection, or refuses one.</summary>
    public bool IsBlackHole { get; init; }

    /// <summary>Where a port leads; null for the same one.</summary>
    public Func<int, int>? Port { get; init; }

    /// <summary>What was connected to, as <c>address:port</c>.</summary>
    public List<string> Connected { get; } = [];

    public override Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address])
            : Names.TryGetValue(host, out var known) ? Task.FromResult<IPAddress[]>([IPAddress.Parse(known)])
            : throw new SocketException((int)SocketError.HostNotFound);

    public override async Task<(Stream Stream, IPAddress Address)> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        lock (Connected)
        {
            Connected.Add($"{addresses[0]}:{port}");
        }

        if (IsBlackHole)
        {
            await Task.Delay(System.Threading.Timeout.Infinite, cancellationToken);
        }

        var (stream, _) = await base.ConnectAsync([IPAddress.Loopback], Port?.Invoke(port) ?? port, cancellationToken);
        return (stream, addresses[0]);
    }
}
