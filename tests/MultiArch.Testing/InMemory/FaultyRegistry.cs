using System.Collections.Concurrent;

namespace MultiArch.Testing.InMemory;

/// <summary>A whole registry in memory, on a loopback port, that fails by schedule and remembers every request.</summary>
public sealed class FaultyRegistry : IDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly LoopbackServer _server;
    private readonly LoopbackServer _storage;
    private readonly FaultyRegistryOptions _options;
    private readonly FaultSchedule _faults;
    private readonly Gatekeeper? _gatekeeper;
    private readonly RegistryApi _api;

    /// <param name="faults">Null: nothing goes wrong.</param>
    public FaultyRegistry(FaultSchedule? faults = null, FaultyRegistryOptions? options = null)
    {
        _options = options ?? new FaultyRegistryOptions();
        _faults = faults ?? FaultSchedule.None;
        _gatekeeper = _options.Login is { } login ? new Gatekeeper(login, _options.Scheme) : null;
        _storage = new LoopbackServer(head => Treat(head, isStorage: true), _requests, _options.Tls);
        _server = new LoopbackServer(head => Treat(head, isStorage: false), _requests, _options.Tls);
        _api = new RegistryApi(Content, _options.RefusesDangling) { UploadOrigin = _options.SendsUploadsElsewhere ? _storage.Origin : null };
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address => _server.Address;

    /// <summary>Scheme, host and port.</summary>
    public string Origin => _server.Origin;

    /// <summary>Where blobs are if they are kept elsewhere.</summary>
    public string StorageOrigin => _storage.Origin;

    public RegistryContent Content { get; } = new();

    /// <summary>What was asked at either origin, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Every token that was given out.</summary>
    public IReadOnlyCollection<string> Tokens => _gatekeeper?.Issued ?? [];

    public void Dispose()
    {
        _server.Dispose();
        _storage.Dispose();
    }

    private Treatment Treat(ReceivedRequest head, bool isStorage)
    {
        var call = RegistryCall.Of(head);
        var fault = _faults.Next(call);
        return fault switch
        {
            null => RefuseEarly(call, head, isStorage) is { } refusal ? new Treatment(refusal) : new Treatment(request => Perform(call, request, isStorage)),
            FaultKind.ResetBeforeBody => new Treatment(new Reply(503) { Fault = Fault.CutRequest, CutAfter = 0 }),
            FaultKind.ResetInBody => new Treatment(new Reply(202) { Fault = Fault.CutRequest }),
            FaultKind.Stall => new Treatment(new Reply(202) { Fault = Fault.Stall }),
            FaultKind.InternalError => new Treatment(RegistryApi.Error(500, "UNKNOWN", "unknown error")),
            FaultKind.BadGateway => new Treatment(new Reply(502, "<html>502 Bad Gateway</html>", "text/html")),
            FaultKind.Unavailable => new Treatment(WithRetryAfter(RegistryApi.Error(503, "UNAVAILABLE", "come back later"))),
            FaultKind.TooManyRequests => new Treatment(WithRetryAfter(RegistryApi.Error(429, "TOOMANYREQUESTS", "slow down"))),
            FaultKind.NotAllowed => new Treatment(RegistryApi.Error(405, "UNSUPPORTED", "the operation is unsupported")),
            FaultKind.Forbidden => new Treatment(RegistryApi.Error(403, "DENIED", "requested access to the resource is denied")),
            FaultKind.TooLarge => new Treatment(TooLarge()),
            FaultKind.Page => new Treatment(new Reply(200, "<html>Welcome to the guest network</html>", "text/html")),
            FaultKind.ExpiredToken => new Treatment(Expire(call)),
            FaultKind.SessionGone => new Treatment(ForgetUploads()),
            FaultKind.Forgotten when IsRead(call.Kind) => new Treatment(RegistryApi.Error(404, "UNKNOWN", "not there yet")),
            FaultKind.Forgotten => new Treatment(request => Pretend(call, request)),
            { } kind => new Treatment(request => Spoil(kind, call, request, Perform(call, request, isStorage), isStorage)),
        };
    }

    private Reply? RefuseEarly(RegistryCall call, ReceivedRequest head, bool isStorage)
    {
        if (isStorage)
        {
            // As S3 has it, so that a client that sends it finds out.
            return head.Authorization is null ? null : new Reply(400, "<Error>Only one auth mechanism allowed</Error>", "application/xml");
        }

        if (_gatekeeper is not null && call.Kind is not RequestKind.Token && !_gatekeeper.Lets(head))
        {
            return _gatekeeper.Challenge(call, Origin);
        }

        return call.Kind is RequestKind.PutBlob && RequestReader.Length(head) > _options.MaxPut ? TooLarge() : null;
    }

    private Reply Perform(RegistryCall call, ReceivedRequest request, bool isStorage)
    {
        if (RefuseEarly(call, request, isStorage) is { } refusal)
        {
            return refusal;
        }

        return call.Kind switch
        {
            RequestKind.Token => _gatekeeper?.GiveToken(request) ?? RegistryApi.Error(404, "UNSUPPORTED", "anybody may do everything"),
            RequestKind.GetBlob when _options.SendsReadersElsewhere && !isStorage && Content.Blob(call.Repository, call.Subject) is not null =>
                new Reply(307) { Headers = { ["Location"] = $"{_storage.Origin}{request.Path}?sig=a%2Bb" } },
            _ => _api.Answer(call, request),
        };
    }

    private Reply Spoil(FaultKind kind, RegistryCall call, ReceivedRequest request, Reply reply, bool isStorage) => kind switch
    {
        FaultKind.LostAnswer => Copy(reply, Fault.Lost),
        FaultKind.TruncatedAnswer => Copy(reply, request.Method is "HEAD" || reply.Body.Length == 0 ? Fault.CutReply : Fault.CutBody),
        FaultKind.StallAfterwards => Copy(reply, Fault.Stall),
        FaultKind.InternalErrorAfterwards => RegistryApi.Error(500, "UNKNOWN", "unknown error"),
        FaultKind.DuplicateAnswer => Copy(reply, Fault.Twice),
        FaultKind.Replayed => Perform(call, request, isStorage),
        FaultKind.WrongDigest => WithWrongDigest(reply, request),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is met before the request is done."),
    };

    private static bool IsRead(RequestKind kind) => kind
        is RequestKind.HeadBlob or RequestKind.GetBlob or RequestKind.HeadManifest or RequestKind.GetManifest or RequestKind.UploadStatus or RequestKind.Other;

    /// <summary>Says what a registry would that had done it.</summary>
    private static Reply Pretend(RegistryCall call, ReceivedRequest request)
    {
        var session = new Dictionary<string, string> { ["Location"] = $"/v2/{call.Repository}/blobs/uploads/forgotten", ["Range"] = "0-0" };
        var (status, headers) = call.Kind switch
        {
            RequestKind.StartUpload => (202, session),
            RequestKind.PatchUpload => (202, new() { ["Location"] = request.Target, ["Range"] = $"0-{Math.Max(0, request.Body.Length - 1)}" }),
            RequestKind.CancelUpload => (204, []),
            RequestKind.Token => (200, []),
            RequestKind.PutManifest or RequestKind.PutTag => (201, new() { ["Docker-Content-Digest"] = Oci.Digest.Of(request.Body).ToString() }),
            _ => (201, new Dictionary<string, string>()),
        };
        var reply = new Reply(status, call.Kind is RequestKind.Token ? """{"token":"forgotten"}""" : "");
        return With(reply, headers);
    }

    private Reply Expire(RegistryCall call)
    {
        _gatekeeper?.ExpireTokens();
        return _gatekeeper?.Challenge(call, Origin) ?? RegistryApi.Error(401, "UNAUTHORIZED", "authentication required");
    }

    private Reply ForgetUploads()
    {
        Content.ForgetUploads();
        return RegistryApi.Error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }

    private static Reply TooLarge() => new(413, "<html>413 Request Entity Too Large</html>", "text/html");

    private static Reply WithRetryAfter(Reply reply) => With(reply, new() { ["Retry-After"] = "2" });

    private static Reply WithWrongDigest(Reply reply, ReceivedRequest request)
    {
        var isContent = request.Method is "GET" && reply is { Status: 200, Body.Length: > 0 };
        var spoilt = new Reply(reply.Status, isContent ? [.. reply.Body.Select(octet => (byte)(octet ^ 1))] : reply.Body);
        return With(spoilt, new(reply.Headers) { ["Docker-Content-Digest"] = $"sha256:{new string('0', 64)}", ["Content-Type"] = reply.ContentType });
    }

    private static Reply Copy(Reply reply, Fault fault) => With(new Reply(reply.Status, reply.Body, reply.ContentType) { Fault = fault }, reply.Headers);

    private static Reply With(Reply reply, Dictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            reply.Headers[name] = value;
        }

        return reply;
    }
}
