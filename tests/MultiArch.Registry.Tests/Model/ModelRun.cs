using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>Publishes once into a registry that fails by schedule, and then compares what is there with what was promised.</summary>
internal sealed class ModelRun : IProgress<PublishEvent>, IProgress<RegistryEvent>, ICredentialSource, IDisposable
{
    /// <summary>How often each operation may be tried, the first time included.</summary>
    public const int Attempts = 4;

    // Documents of the base (5), blobs (2 of the base, 3 layers, 2 configs), manifests (3), all of these read back (10), tags (2 and a look at each),
    // each with a HEAD, a mount, a session, its closing, a challenge, a token and a redirect in every attempt, and twice when what is missing is sent again.
    private const int MaxRequests = 2 * 30 * 7 * Attempts;

    private const int ChunkSize = 64;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    // After these a client may stop without another look: what it was told will not change.
    private static readonly FaultKind[] Final =
    [
        FaultKind.WrongDigest, FaultKind.NotAllowed, FaultKind.Forbidden, FaultKind.TooLarge, FaultKind.Page, FaultKind.ExpiredToken, FaultKind.SessionGone, FaultKind.Forgotten,
    ];

    private readonly Scenario _scenario;
    private readonly ModelImage _image;
    private readonly FaultSchedule _faults;
    private readonly FaultyRegistry _other;
    private readonly Login _pusher = new("pusher", "pusher-secret-7f1d");
    private readonly Login _reader = new("reader", "reader-secret-c93a");
    private readonly string? _old;
    private string? _ours;
    private PublishEvent.Interrupted? _interrupted;
    private int _silences;

    private ModelRun(Scenario scenario, ModelImage image)
    {
        _scenario = scenario;
        _image = image;
        _faults = scenario.CreateFaults();
        Target = new FaultyRegistry(_faults, new FaultyRegistryOptions
        {
            Login = scenario.Scheme is null ? null : _pusher,
            Scheme = scenario.Scheme ?? default,
            RefusesDangling = scenario.RefusesDangling,
            SendsReadersElsewhere = scenario.SendsReadersElsewhere,
            SendsUploadsElsewhere = scenario.SendsUploadsElsewhere,
            MaxPut = scenario.WantsChunks ? ChunkSize : int.MaxValue,
        });
        _other = new FaultyRegistry(_faults, new FaultyRegistryOptions
        {
            Login = scenario.Scheme is null ? null : _reader,
            SendsReadersElsewhere = scenario.SendsReadersElsewhere,
        });
        ModelImage.WriteBase(Target.Content);
        ModelImage.WriteBase(_other.Content);
        _old = scenario.HasOldImage ? ModelImage.WriteOld(Target.Content) : null;
    }

    public FaultyRegistry Target { get; }

    /// <param name="spoil">Makes a wrong store of the right one, to see that it is caught.</param>
    public static async Task<ModelOutcome> RunAsync(
        Scenario scenario,
        ModelImage image,
        CancellationToken cancellationToken,
        Func<IImageStore, ModelRun, IImageStore>? spoil = null)
    {
        using var run = new ModelRun(scenario, image);
        return await run.RunAsync(spoil ?? ((store, _) => store), cancellationToken);
    }

    public void Report(PublishEvent value)
    {
        if (value is PublishEvent.ManifestWritten { Platform: null, Manifest: var index })
        {
            _ours = index.Digest.ToString();
        }

        _interrupted ??= value as PublishEvent.Interrupted;
    }

    public void Report(RegistryEvent value)
    {
        // On a busy machine a request may be late without a fault of the schedule's.
        if (value is RegistryEvent.Retrying { Reason: var reason } && reason.Contains("silent", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _silences);
        }
    }

    public Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken)
    {
        var login = repository.Registry == Target.Address ? _pusher : _reader;
        return Task.FromResult(refused is null && _scenario.Scheme is not null ? new Credential(login.Username, login.Password, "the model") : null);
    }

    public void Dispose()
    {
        Target.Dispose();
        _other.Dispose();
    }

    private async Task<ModelOutcome> RunAsync(Func<IImageStore, ModelRun, IImageStore> spoil, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxTime);
        Exception? failure = null;
        PublishReport? report = null;
        try
        {
            report = await PublishAsync(spoil, limit.Token);
            _ours = report.Target.Digest.ToString();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            failure = e;
        }

        return new ModelOutcome(_scenario, _faults.Calls, failure?.Message, [.. Violations(report, failure)]);
    }

    private async Task<PublishReport> PublishAsync(Func<IImageStore, ModelRun, IImageStore> spoil, CancellationToken cancellationToken)
    {
        using var transport = new RegistryTransport(new RegistryOptions
        {
            Credentials = this,
            Progress = this,
            Time = new FastTime(),
            Retries = new RetryLimits(Attempts, TimeSpan.FromDays(1), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30)),
            IdleTimeout = TimeSpan.FromSeconds(0.2),
            ChunkSize = _scenario.WantsChunks ? ChunkSize : null,
        });
        using var sources = new ImageSources(transport);
        var store = new RegistryClient(new ImageReference(Target.Address, ModelImage.Repository), transport);
        var baseImage = _scenario.Base switch
        {
            BasePlace.SameRegistry => $"{Target.Address}/{ModelImage.BaseRepository}:1",
            BasePlace.OtherRegistry => $"{_other.Address}/{ModelImage.BaseRepository}:1",
            _ => "scratch",
        };
        var request = new PublishRequest(_image.Plans(baseImage), _image.Folder, ModelImage.Tags, ImageFormat.Oci, _image.CreateWorkFolder());
        return await new ImagePublisher(spoil(store, this), sources, this, TimeProvider.System).PublishAsync(request, cancellationToken);
    }

    private IEnumerable<string> Violations(PublishReport? report, Exception? failure)
    {
        var transfers = new TransferChecks(Target, _faults.Calls, Attempts);
        return
        [
            .. Target.Content.BrokenTags,
            .. WrongBytes(report),
            .. Leaks(Target, _pusher),
            .. Leaks(_other, _reader),
            .. OverBudget(failure),
            .. transfers.Repetitions(failure),
            .. transfers.OpenUploads(_scenario.SendsUploadsElsewhere, _silences, isFailed: failure is not null),
            .. transfers.Counts(report),
            .. transfers.Stored(_interrupted),
            .. Untruths(failure),
            .. ModelImage.Tags.SelectMany(tag => FalseClaims(tag, failure)),
        ];
    }

    /// <summary>What the tags name is there to the last byte, and is what was made here.</summary>
    private IEnumerable<string> WrongBytes(PublishReport? report)
    {
        foreach (var tag in ModelImage.Tags)
        {
            if (Target.Content.Tag(ModelImage.Repository, tag) is { } digest && Target.Content.FindMissing(ModelImage.Repository, digest) is { Count: > 0 } missing)
            {
                yield return $"{tag} names {digest}, of which these are not there or are other bytes: {string.Join(", ", missing)}";
            }
        }

        foreach (var image in report?.Images ?? [])
        {
            foreach (var blob in image.Layers.Select(layer => layer.Descriptor).Append(image.Config.Describe()))
            {
                if (Target.Content.Blob(ModelImage.Repository, blob.Digest.ToString())?.Length != blob.Size)
                {
                    yield return $"{blob.Digest} was reported as stored and is not there with its {blob.Size} bytes";
                }
            }
        }
    }

    /// <summary>No secret of a registry in anything that another origin received.</summary>
    private IEnumerable<string> Leaks(FaultyRegistry registry, Login login)
    {
        string[] secrets = [login.Password, login.Basic["Basic ".Length..], .. registry.Tokens];
        return from request in Target.Requests.Concat(_other.Requests)
               where request.Origin != registry.Origin
               let text = $"{request.Target}\n{string.Join('\n', request.Headers.Values)}\n{Encoding.Latin1.GetString(request.Body)}"
               where secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal))
               select $"a secret of {registry.Origin} went to {request.Origin} with {request.Method} {request.Target}";
    }

    private IEnumerable<string> OverBudget(Exception? failure)
    {
        if (failure is OperationCanceledException)
        {
            yield return $"it had not ended after {MaxTime}";
        }

        if (Target.Requests.Count + _other.Requests.Count is > MaxRequests and var count)
        {
            yield return $"it took {count} requests, and {MaxRequests} are many";
        }
    }

    /// <summary>Success means that every tag names what was made, and failure that it does not, or that nobody could have known.</summary>
    private IEnumerable<string> Untruths(Exception? failure)
    {
        if (failure is not (null or MultiArchException or OperationCanceledException))
        {
            yield return $"it ended with {failure}";
        }

        if (failure is not null && failure.Message.Contains('\n', StringComparison.Ordinal))
        {
            yield return $"its failure is more than a line: {failure.Message}";
        }

        var named = ModelImage.Tags.ToDictionary(tag => tag, tag => Target.Content.Tag(ModelImage.Repository, tag));
        foreach (var (tag, digest) in named)
        {
            if (failure is null && digest != _ours)
            {
                yield return $"it reported success, and {tag} names {digest ?? "nothing"} instead of {_ours}";
            }

            if (failure is not null && digest is not null && digest != _old && digest != _ours)
            {
                yield return $"{tag} names {digest}, which is neither the old image nor the new one";
            }

            if (failure is not null && digest is not null && digest == _ours && digest != _old && !failure.Message.Contains(tag, StringComparison.Ordinal))
            {
                yield return $"it failed without a word of {tag}, which names the new image: {failure.Message}";
            }
        }

        if (failure is MultiArchException && _ours is not null && named.Values.All(digest => digest == _ours) && !IsExcused())
        {
            yield return $"it reported a failure, and all tags name what it made, as one more look would have shown: {failure.Message}";
        }
    }

    /// <summary>What a failure says of a tag, against what the tag names; unless the registry lied when it was asked last.</summary>
    private IEnumerable<string> FalseClaims(string tag, Exception? failure)
    {
        var about = _faults.Calls.Where(call => call.Call.Subject == tag && call.Call.Repository == ModelImage.Repository).ToList();
        var wasAsked = about.Any(call => call.Call.Kind is RequestKind.PutTag);
        var isLiedTo = about is [.., { Fault: FaultKind.WrongDigest or FaultKind.Forgotten or FaultKind.SessionGone }];
        var isOurs = Target.Content.Tag(ModelImage.Repository, tag) is { } named && named == _ours;
        var isFalse = TagClaims.Of(failure?.Message ?? "", tag) switch
        {
            TagClaim.NamesImage => !isOurs && !about.Any(call => call.Fault is FaultKind.Forgotten),
            TagClaim.NamesOther => isOurs && !isLiedTo,
            TagClaim.Unknown => !wasAsked && about.All(call => call.Fault is null),
            // Only whoever has not come to the tags may be silent of them.
            _ => failure is MultiArchException && wasAsked,
        };
        if (isFalse)
        {
            yield return $"it said of {tag} what is not so, or nothing: {failure?.Message}";
        }
    }

    /// <summary>Whether the last thing that the client learned of a tag was a failure after which it need not look again.</summary>
    private bool IsExcused()
    {
        var about = _faults.Calls
            .Where(call => call.Call.Kind is RequestKind.Token || ModelImage.Tags.Contains(call.Call.Subject))
            .SkipWhile(call => call.Call.Kind is not RequestKind.PutTag)
            .ToList();
        return about is [.., { Fault: { } last }] && (Final.Contains(last) || about.Count(call => call.Fault is not null) >= Attempts);
    }
}

/// <param name="Failure">Null when the publish reported success.</param>
internal sealed record ModelOutcome(
    Scenario Scenario, IReadOnlyList<(RegistryCall Call, FaultKind? Fault)> Calls, string? Failure, IReadOnlyList<string> Violations);
