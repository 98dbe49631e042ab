using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiArch.Registry.Tests;

/// <summary>As much of an HTTP/2 server as it takes to answer 200, or to break off.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9113</remarks>
internal sealed class Http2Server : IDisposable
{
    private const byte HeadersFrame = 1;
    private const byte ResetFrame = 3;
    private const byte SettingsFrame = 4;
    private const byte GoAwayFrame = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Func<int, string> _behave;
    private int _connections;

    /// <param name="behave">For each connection, from 1: <c>goaway</c>, <c>reset</c>, a status.</param>
    public Http2Server(X509Certificate2 certificate, string host, Func<int, string> behave)
    {
        _certificate = certificate;
        _behave = behave;
        _listener.Start();
        Address = $"{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    public string Address { get; }

    public int Connections => _connections;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(), Interlocked.Increment(ref _connections));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        try
        {
            using var connection = client;
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] });
            await tls.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length]);
            await WriteAsync(tls, SettingsFrame, flags: 0, stream: 0, []);
            while (true)
            {
                var (type, flags, stream) = await ReadAsync(tls);
                if (type == SettingsFrame && flags == 0)
                {
                    await WriteAsync(tls, SettingsFrame, flags: 1, stream: 0, []);
                }
                else if (type == HeadersFrame)
                {
                    await AnswerAsync(tls, stream, _behave(number));
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or ObjectDisposedException)
        {
            // The client went away.
        }
    }

    private static async Task AnswerAsync(Stream tls, int stream, string behaviour)
    {
        switch (behaviour)
        {
            case "goaway": // It got the request, and does not say whether it was served.
                await WriteAsync(tls, GoAwayFrame, 0, 0, [.. Bytes(stream), .. Bytes(2)]); // INTERNAL_ERROR
                throw new IOException("It goes away.");
            case "reset":
                await WriteAsync(tls, ResetFrame, 0, stream, Bytes(2));
                break;
            default: // HPACK: :status and content-length, literally, with the names' static indexes 8 and 28.
                await WriteAsync(tls, HeadersFrame, flags: 0x5, stream, [0x08, 3, .. Encoding.ASCII.GetBytes(behaviour), 0x0f, 0x0d, 1, (byte)'0']);
                break;
        }
    }

    private static async Task<(byte Type, byte Flags, int Stream)> ReadAsync(Stream tls)
    {
        var head = new byte[9];
        await tls.ReadExactlyAsync(head);
        await tls.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue);
    }

    private static async Task WriteAsync(Stream tls, byte type, byte flags, int stream, byte[] payload)
    {
        await tls.WriteAsync((byte[])[0, 0, (byte)payload.Length, type, flags, .. Bytes(stream), .. payload]);
        await tls.FlushAsync();
    }

    private static byte[] Bytes(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
