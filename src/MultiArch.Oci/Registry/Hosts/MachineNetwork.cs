using System.Net;
using System.Net.Sockets;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>The name service and the sockets of this machine; a test has others.</summary>
internal class MachineNetwork
{
    public virtual Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>Connects to the first of the addresses that takes the connection.</summary>
    public virtual async Task<(Stream Stream, IPAddress Address)> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return (new NetworkStream(socket, ownsSocket: true), ((IPEndPoint)socket.RemoteEndPoint!).Address); // It is connected.
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
