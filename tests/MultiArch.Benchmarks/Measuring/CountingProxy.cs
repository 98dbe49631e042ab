using System.Net;
using System.Net.Sockets;

namespace MultiArch.Benchmarks.Measuring;

/// <summary>Passes connections on to a registry, unread, and counts the bytes that go there.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private long _sent;

    /// <param name="target">Host and port.</param>
    public CountingProxy(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that clients have sent so far, headers included.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_target);
                client.NoDelay = server.NoDelay = true;
                var up = PassAsync(client.GetStream(), server, count: true);
                var down = PassAsync(server.GetStream(), client, count: false);
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side is gone, and so is the other.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, TcpClient to, bool count)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            if (count)
            {
                Interlocked.Add(ref _sent, read);
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
