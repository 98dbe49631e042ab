using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiArch.Testing;

/// <summary>A server on a loopback port that answers as a test tells it to, faults included, and remembers what it was asked.</summary>
/// <example><code>
/// registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
/// registry.On("POST", "/v2/app/blobs/uploads/", new Reply(202) { Headers = { ["Location"] = "/v2/app/blobs/uploads/1?state=a" } });
/// </code></example>
public sealed class ScriptedRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<Rule> _rules = [];
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedRegistry()
    {
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address { get; }

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The methods and paths of what was asked, in order.</summary>
    public IReadOnlyList<string> Lines => [.. _requests.Select(request => $"{request.Method} {request.Target}")];

    /// <summary>Completes when a reply has begun to stall.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Answers every request that no rule serves; without it they are answered 501.</summary>
    public Reply? Otherwise { get; init; }

    /// <summary>Answers the next request of this method whose path begins so. Each rule serves once, the earliest first.</summary>
    public void On(string method, string path, Reply reply)
    {
        lock (_rules)
        {
            _rules.Add(new Rule(method, path, reply));
        }
    }

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
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
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
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadHeadAsync(stream) is { } request && await AnswerAsync(stream, socket, request))
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }

    /// <returns>Whether the connection stays open.</returns>
    private async Task<bool> AnswerAsync(NetworkStream stream, Socket socket, ReceivedRequest request)
    {
        var reply = Take(request);
        var isAsking = request.Headers.ContainsKey("Expect");
        if (isAsking && reply.Status < 400)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stopping.Token);
        }

        var isRefusedEarly = isAsking && reply.Status >= 400;
        request = isRefusedEarly ? request : request with { Body = await ReadBodyAsync(stream, request, half: reply.Fault is Fault.CutRequest) };
        _requests.Enqueue(request);
        if (reply.Fault is Fault.Stall)
        {
            _stalled.TrySetResult();
            await Task.Delay(Timeout.Infinite, _stopping.Token);
        }

        if (reply.Fault is Fault.CutRequest)
        {
            socket.LingerState = new LingerOption(true, 0); // A reset, not an orderly end.
            return false;
        }

        var body = reply.Fault is Fault.CutBody ? reply.Body[..(reply.Body.Length / 2)] : reply.Body;
        await stream.WriteAsync(Encoding.Latin1.GetBytes(reply.Head(isLast: isRefusedEarly)), _stopping.Token);
        await stream.WriteAsync(request.Method is "HEAD" ? [] : body, _stopping.Token);
        if (reply.Fault is Fault.StallBody)
        {
            _stalled.TrySetResult();
            await Task.Delay(Timeout.Infinite, _stopping.Token);
        }

        return !isRefusedEarly && reply.Fault is not Fault.CutBody;
    }

    private Reply Take(ReceivedRequest request)
    {
        lock (_rules)
        {
            var index = _rules.FindIndex(rule => rule.Method == request.Method && request.Target.StartsWith(rule.Path, StringComparison.Ordinal));
            if (index < 0)
            {
                return Otherwise ?? new Reply(501, $"no rule for {request.Method} {request.Target}");
            }

            var reply = _rules[index].Reply;
            _rules.RemoveAt(index);
            return reply;
        }
    }

    private async Task<ReceivedRequest?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var octet = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(octet, _stopping.Token) == 0)
            {
                return null;
            }

            head.Append((char)octet[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var parts = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new ReceivedRequest(parts[0], parts[1], headers, []);
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream, ReceivedRequest request, bool half)
    {
        var length = int.Parse(request.Headers.GetValueOrDefault("Content-Length", "0"), provider: null);
        var body = new byte[half ? length / 2 : length];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return body;
    }

    private sealed record Rule(string Method, string Path, Reply Reply);
}

/// <param name="Target">Path and query, as they were sent.</param>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>What goes wrong with a reply.</summary>
public enum Fault
{
    None,

    /// <summary>The connection is reset in the middle of the request's body.</summary>
    CutRequest,

    /// <summary>The connection ends in the middle of the reply's body.</summary>
    CutBody,

    /// <summary>Nothing comes, and the connection stays open.</summary>
    Stall,

    /// <summary>The head and the body come, with a length that promises more.</summary>
    StallBody,
}

/// <summary>An answer of a <see cref="ScriptedRegistry"/>.</summary>
public sealed class Reply(int status, byte[] body, string contentType = "application/json")
{
    public Reply(int status, string body = "", string contentType = "application/json")
        : this(status, Encoding.UTF8.GetBytes(body), contentType)
    {
    }

    public int Status { get; } = status;

    public byte[] Body { get; } = body;

    public Fault Fault { get; init; }

    /// <summary>Added to <c>Content-Type</c> and <c>Content-Length</c>, or put in their place.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal string Head(bool isLast)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = contentType,
            ["Content-Length"] = $"{Body.Length + (Fault is Fault.StallBody ? 1 : 0)}",
            ["Connection"] = isLast ? "close" : "keep-alive",
        };
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        return $"HTTP/1.1 {Status} Scripted\r\n{string.Concat(headers.Where(header => header.Value.Length > 0).Select(header => $"{header.Key}: {header.Value}\r\n"))}\r\n";
    }
}
