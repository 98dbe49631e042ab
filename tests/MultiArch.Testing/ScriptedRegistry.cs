using System.Collections.Concurrent;

namespace MultiArch.Testing;

/// <summary>A server on a loopback port that answers as a test tells it to, faults included, and remembers what it was asked.</summary>
/// <remarks>A second one is another origin.</remarks>
/// <example><code>
/// registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
/// registry.On("POST", "/v2/app/blobs/uploads/", new Reply(202) { Headers = { ["Location"] = "/v2/app/blobs/uploads/1?state=a" } });
/// registry.On(request => request.Authorization is null, new Reply(401), times: 3);
/// </code></example>
public sealed class ScriptedRegistry : IDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<Rule> _rules = [];
    private readonly LoopbackServer _server;

    /// <param name="tls">Null: plain http.</param>
    /// <param name="host">What clients call this machine.</param>
    public ScriptedRegistry(ServerTls? tls = null, string host = "127.0.0.1") => _server = new LoopbackServer(Treat, _requests, tls, host);

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address => _server.Address;

    /// <summary>Scheme, host and port.</summary>
    public string Origin => _server.Origin;

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The methods and paths of what was asked, in order.</summary>
    public IReadOnlyList<string> Lines => [.. _requests.Select(request => $"{request.Method} {request.Target}")];

    /// <summary>Completes when a reply has begun to stall, or to drip.</summary>
    public Task Stalled => _server.Stalled;

    /// <summary>Answers every request that no rule serves; without it they are answered 501.</summary>
    public Reply? Otherwise { get; init; }

    /// <summary>Answers the next requests of this method whose path begins so. The earliest rule that fits serves first.</summary>
    public void On(string method, string path, Reply reply, int times = 1) =>
        On(request => request.Method == method && request.Target.StartsWith(path, StringComparison.Ordinal), reply, times);

    /// <summary>Answers the next requests that fit.</summary>
    /// <param name="fits">Sees the head of a request, without its body.</param>
    public void On(Func<ReceivedRequest, bool> fits, Reply reply, int times = 1) => Add(fits, new Treatment(reply), times);

    /// <summary>Answers the next requests that fit with what is made of each.</summary>
    /// <param name="answer">Sees the request with its body; for a fault in the body it is too late then.</param>
    public void On(Func<ReceivedRequest, bool> fits, Func<ReceivedRequest, Reply> answer, int times = 1) => Add(fits, new Treatment(answer), times);

    public void Dispose() => _server.Dispose();

    private void Add(Func<ReceivedRequest, bool> fits, Treatment treatment, int times)
    {
        lock (_rules)
        {
            _rules.Add(new Rule(fits, treatment, times));
        }
    }

    private Treatment Treat(ReceivedRequest head)
    {
        lock (_rules)
        {
            if (_rules.Find(rule => rule.Fits(head)) is not { } rule)
            {
                return new Treatment(Otherwise ?? new Reply(501, $"no rule for {head.Method} {head.Target}"));
            }

            if (--rule.Times == 0)
            {
                _rules.Remove(rule);
            }

            return rule.Treatment;
        }
    }

    private sealed class Rule(Func<ReceivedRequest, bool> fits, Treatment treatment, int times)
    {
        public Func<ReceivedRequest, bool> Fits => fits;

        public Treatment Treatment => treatment;

        public int Times { get; set; } = times;
    }
}
