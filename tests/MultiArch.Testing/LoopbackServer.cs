using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Testing;

/// <summary>Speaks HTTP/1.1 on a loopback port, over TLS if told so, breaks off where a reply says so, and remembers what it was asked.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _stop;
    private readonly Func<ReceivedRequest, Treatment> _treat;
    private readonly ConcurrentQueue<ReceivedRequest> _requests;
    private readonly ServerTls? _tls;

    /// <param name="treat">Sees the head of a request, without its body.</param>
    /// <param name="requests">Takes what is asked; several servers may share it.</param>
    /// <param name="host">What clients call this machine: an address of it, or a name.</param>
    public LoopbackServer(Func<ReceivedRequest, Treatment> treat, ConcurrentQueue<ReceivedRequest> requests, ServerTls? tls = null, string host = "127.0.0.1")
    {
        _treat = treat;
        _requests = requests;
        _tls = tls;
        _stop = _stopping.Token;
        _listener.Start();
        Address = $"{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        Origin = $"{(tls is null ? "http" : "https")}://{Address}";
        _ = AcceptAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    public string Origin { get; }

    /// <summary>Completes when a reply has begun to stall.</summary>
    public Task Stalled => _stalled.Task;

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await using var network = new NetworkStream(socket, ownsSocket: true);
            await using var stream = await SecureAsync(network);
            var reader = new RequestReader(stream);
            var certificate = (stream as SslStream)?.RemoteCertificate?.Subject;
            while (await reader.ReadHeadAsync(_stop) is { } head
                && await AnswerAsync(stream, socket, reader, head with { Origin = Origin, ClientCertificate = certificate }))
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or trusts nobody here, or the test is over.
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream network)
    {
        if (_tls is null)
        {
            return network;
        }

        var stream = new SslStream(network);
        var options = new SslServerAuthenticationOptions
        {
            // Offline: a chain is not completed from the network.
            ServerCertificateContext = SslStreamCertificateContext.Create(_tls.Certificate, additionalCertificates: null, offline: true),
            ClientCertificateRequired = _tls.ClientAuthority is not null,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => _tls.ClientAuthority is null || IsIssued(certificate, _tls.ClientAuthority),
        };
        await stream.AuthenticateAsServerAsync(options, _stop);
        return stream;
    }

    private static bool IsIssued(X509Certificate? certificate, X509Certificate2 authority)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(shown);
    }

    /// <returns>Whether the connection stays open.</returns>
    private async Task<bool> AnswerAsync(Stream stream, Socket socket, RequestReader reader, ReceivedRequest request)
    {
        var treatment = _treat(request);
        var reply = treatment.Reply;
        var isAsking = request.Headers.ContainsKey("Expect");
        var isRefusedEarly = isAsking && reply?.Status >= 400;
        if (isAsking && !isRefusedEarly)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop);
        }

        if (!isRefusedEarly)
        {
            var limit = reply?.Fault is Fault.CutRequest ? reply.CutAfter ?? (RequestReader.Length(request) / 2) : (int?)null;
            request = request with { Body = await reader.ReadBodyAsync(request, limit, _stop) };
        }

        _requests.Enqueue(request);
        reply ??= await treatment.Answer(request);
        switch (reply.Fault)
        {
            case Fault.Stall:
                await StallAsync();
                break;
            case Fault.CutRequest or Fault.Lost:
                socket.LingerState = new LingerOption(true, 0); // A reset, not an orderly end.
                return false;
        }

        await stream.WriteAsync(Bytes(reply, request.Method is "HEAD", isLast: isRefusedEarly), _stop);
        if (reply.Fault is Fault.Drip)
        {
            await DripAsync(stream, reply.Body);
        }

        if (reply.Fault is Fault.StallBody)
        {
            await StallAsync();
        }

        return !isRefusedEarly && reply.Fault is not (Fault.CutBody or Fault.CutReply);
    }

    private static byte[] Bytes(Reply reply, bool isHead, bool isLast)
    {
        var head = reply.Head(isLast);
        byte[] body = isHead ? [] : reply.Body;
        return reply.Fault switch
        {
            Fault.Drip => head,
            Fault.CutBody => [.. head, .. body.Take(reply.CutAfter ?? (body.Length / 2))],
            Fault.CutReply => [.. head.Concat(body).Take(reply.CutAfter ?? ((head.Length + body.Length) / 2))],
            Fault.Twice => [.. head, .. body, .. head, .. body],
            _ => [.. head, .. body],
        };
    }

    private async Task DripAsync(Stream stream, byte[] body)
    {
        _stalled.TrySetResult();
        foreach (var octet in body)
        {
            await stream.WriteAsync(new[] { octet }, _stop);
            await Task.Delay(50, _stop);
        }
    }

    private Task StallAsync()
    {
        _stalled.TrySetResult();
        return Task.Delay(Timeout.Infinite, _stop);
    }
}
