using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiArch.Testing;

/// <summary>Stands on a loopback port before a real registry, passes every byte on, and remembers what was asked and how much was sent.</summary>
public sealed class RecordingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<PassedRequest> _requests = new();
    private readonly IPEndPoint _registry;

    /// <param name="address">The registry's.</param>
    public RecordingProxy(string address)
    {
        _registry = IPEndPoint.Parse(address);
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    /// <summary>Host and port, as they stand in an image reference; the registry makes its own addresses of it.</summary>
    public string Address { get; }

    /// <summary>What was asked since <see cref="Clear"/>, in order.</summary>
    public IReadOnlyList<PassedRequest> Requests => [.. _requests];

    /// <summary>The methods and paths, without queries, of what was asked.</summary>
    public IReadOnlyList<string> Lines => [.. _requests.Select(request => $"{request.Method} {request.Target.Split('?')[0]}")];

    public void Clear() => _requests.Clear();

    public void Dispose()
    {
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            _listener.Dispose();
            _stopping.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken token)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(_registry, token);
                var answers = server.GetStream().CopyToAsync(client.GetStream(), token);
                while (await PassRequestAsync(client.GetStream(), server.GetStream(), token))
                {
                }

                server.Client.Shutdown(SocketShutdown.Send);
                await answers;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side went away, or the test is over.
            }
        }
    }

    private async Task<bool> PassRequestAsync(NetworkStream client, NetworkStream server, CancellationToken token)
    {
        var head = new List<byte>(512);
        var octet = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await client.ReadAsync(octet, token) == 0)
            {
                return false;
            }

            head.Add(octet[0]);
        }

        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var parts = lines[0].Split(' ');
        var length = lines.FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) is { } header
            ? long.Parse(header["Content-Length: ".Length..], provider: null)
            : 0;
        _requests.Enqueue(new PassedRequest(parts[0], parts[1], length));
        await server.WriteAsync(head.ToArray(), token);
        var buffer = new byte[64 * 1024];
        while (length > 0)
        {
            var read = await client.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), token);
            if (read == 0)
            {
                return false;
            }

            await server.WriteAsync(buffer.AsMemory(0, read), token);
            length -= read;
        }

        return true;
    }
}

/// <param name="Target">Path and query, as they were sent.</param>
/// <param name="Bytes">Of the body.</param>
public sealed record PassedRequest(string Method, string Target, long Bytes);
