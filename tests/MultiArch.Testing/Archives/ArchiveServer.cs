using System.Collections.Concurrent;
using System.Globalization;

namespace MultiArch.Testing.Archives;

/// <summary>Serves a folder on a loopback port as a mirror does: times, ranges, and the faults that a test wants.</summary>
public sealed class ArchiveServer : IDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<Rule> _rules = [];
    private readonly string _folder;
    private readonly LoopbackServer _server;

    /// <param name="folder">Absolute; read at each request.</param>
    /// <param name="tls">Null: plain http.</param>
    public ArchiveServer(string folder, ServerTls? tls = null)
    {
        _folder = folder;
        _server = new LoopbackServer(Treat, _requests, tls);
    }

    /// <summary>The folder's, with <c>/</c> at its end.</summary>
    public Uri Uri => new(_server.Origin + "/");

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The paths of what was asked, in order.</summary>
    public IReadOnlyList<string> Paths => [.. _requests.Select(request => request.Path)];

    public void Clear() => _requests.Clear();

    /// <summary>Answers the next requests whose path ends so with something else than the file. The earliest rule that fits serves first.</summary>
    public void On(string pathEnd, Reply reply, int times = 1) => On(request => request.Path.EndsWith(pathEnd, StringComparison.Ordinal), _ => reply, times);

    /// <param name="answer">Null: the file after all.</param>
    public void On(Func<ReceivedRequest, bool> fits, Func<ReceivedRequest, Reply?> answer, int times = 1)
    {
        lock (_rules)
        {
            _rules.Add(new Rule(fits, answer) { Times = times });
        }
    }

    public void Dispose() => _server.Dispose();

    private Treatment Treat(ReceivedRequest head)
    {
        lock (_rules)
        {
            if (_rules.Find(rule => rule.Fits(head)) is { } rule)
            {
                if (--rule.Times == 0)
                {
                    _rules.Remove(rule);
                }

                return new Treatment(rule.Answer(head) ?? ReadFile(head));
            }
        }

        return new Treatment(ReadFile(head));
    }

    private Reply ReadFile(ReceivedRequest request)
    {
        var file = new FileInfo(Path.Combine(_folder, Uri.UnescapeDataString(request.Path).TrimStart('/')));
        if (!file.Exists)
        {
            return new Reply(404, "<html>not here</html>", "text/html");
        }

        var modified = file.LastWriteTimeUtc.ToString("R", CultureInfo.InvariantCulture);
        if (request.Headers.GetValueOrDefault("If-Modified-Since") == modified)
        {
            return new Reply(304) { Headers = { ["Last-Modified"] = modified } };
        }

        var bytes = File.ReadAllBytes(file.FullName);
        var start = request.Headers.GetValueOrDefault("Range") is { } range ? int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture) : 0;
        return start == 0
            ? new Reply(200, bytes, "application/octet-stream") { Headers = { ["Last-Modified"] = modified } }
            : new Reply(206, bytes[start..], "application/octet-stream")
            {
                Headers = { ["Last-Modified"] = modified, ["Content-Range"] = $"bytes {start}-{bytes.Length - 1}/{bytes.Length}" },
            };
    }

    private sealed record Rule(Func<ReceivedRequest, bool> Fits, Func<ReceivedRequest, Reply?> Answer)
    {
        public int Times { get; set; }
    }
}
