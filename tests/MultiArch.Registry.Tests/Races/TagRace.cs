using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Races;

/// <summary>Two processes that move one tag, in an order of their requests that a schedule makes; and what was promised of it.</summary>
internal sealed class TagRace : IDisposable
{
    public const string Repository = "app";
    public const string Tag = "1.0";

    private readonly RegistryContent _content = new();
    private readonly List<Racer> _racers = [];
    private readonly List<string> _violations = [];

    private TagRace(bool onlyTheTag, bool firstAppends, bool secondAppends, bool isTagged, Func<IImageStore, IImageStore> spoil)
    {
        Kept = Store(new Platform("riscv64", "linux"));
        if (isTagged)
        {
            var index = new ImageIndex(MediaTypes.OciIndex, [Kept.Describe() with { Platform = new Platform("riscv64", "linux") }]).ToDocument();
            _content.AddManifest(Repository, index.MediaType, index.Bytes.ToArray());
            _content.MoveTag(Repository, Tag, index.Digest.ToString());
        }

        IsTagged = isTagged;
        _racers.Add(new Racer("first", _content, Waits, firstAppends, Store(Platform.LinuxAmd64), spoil));
        _racers.Add(new Racer("second", _content, Waits, secondAppends, Store(Platform.LinuxArm64), spoil));

        bool Waits(RegistryCall call) => !onlyTheTag || TouchesTag(call);
    }

    /// <summary>What the tag names before.</summary>
    public Document Kept { get; }

    public bool IsTagged { get; }

    /// <summary>Who asked what, in the order in which it was done; those alone that touch the tag.</summary>
    public List<(Racer Racer, RequestKind Kind)> Order { get; } = [];

    /// <summary>What came of each and what was broken, in words.</summary>
    public string Course => $"{string.Join(' ', Order.Select(step => $"{step.Racer.Name}:{step.Kind}"))}: {string.Join(", ", _racers.Select(racer => racer.IsGreen ? "green" : racer.Work.Exception?.InnerException?.Message))}";

    public IReadOnlyList<string> Violations => _violations;

    public IReadOnlyList<Racer> Racers => _racers;

    /// <param name="onlyTheTag">Whether the requests that touch the tag wait for their turn, or all.</param>
    public static async Task<TagRace> RunAsync(
        ISchedule schedule,
        bool onlyTheTag,
        bool firstAppends,
        bool secondAppends,
        bool isTagged,
        CancellationToken cancellationToken,
        Func<IImageStore, IImageStore>? spoil = null)
    {
        var race = new TagRace(onlyTheTag, firstAppends, secondAppends, isTagged, spoil ?? (store => store));
        await race.RunAsync(schedule, cancellationToken);
        return race;
    }

    /// <summary>Whether the tag has an image at the end.</summary>
    public bool IsTaggedNow(Document image) => _content.Tag(Repository, Tag) is { } digest && Names(digest, image);

    public void Dispose() => _racers.ForEach(racer => racer.Dispose());

    private static bool TouchesTag(RegistryCall call) => call.Subject == Tag;

    private async Task RunAsync(ISchedule schedule, CancellationToken cancellationToken)
    {
        _racers.ForEach(racer => racer.Start(Repository, Tag, cancellationToken));
        while (true)
        {
            foreach (var racer in _racers)
            {
                await racer.SettleAsync(cancellationToken);
            }

            var waiting = _racers.SelectMany(racer => racer.Waiting.Select(request => (Racer: racer, Request: request))).ToList();
            if (waiting.Count == 0)
            {
                break;
            }

            var (chosen, next) = waiting[waiting.Count == 1 ? 0 : schedule.Choose(waiting.Count)];
            chosen.Waiting.Remove(next);
            next.LetIn();
            if (TouchesTag(next.Call))
            {
                Order.Add((chosen, next.Call.Kind));
                chosen.LastSeen = _content.Tag(Repository, Tag);
                CheckTag();
            }
        }

        _violations.AddRange(_content.BrokenTags);
        _racers.ForEach(CheckEnd);
    }

    /// <summary>At every moment the tag holds a whole index; appends alone never take a platform away that none of them has.</summary>
    private void CheckTag()
    {
        if (_content.Tag(Repository, Tag) is not { } digest)
        {
            return;
        }

        if (!MediaTypes.IsIndex(_content.Manifest(Repository, digest)!.MediaType) || _content.FindMissing(Repository, digest).Count > 0)
        {
            _violations.Add($"The tag names {digest}, which is no whole index.");
        }

        if (IsTagged && _racers.All(racer => racer.Append) && !Names(digest, Kept))
        {
            _violations.Add("The tag has lost a platform that nobody replaces.");
        }
    }

    private void CheckEnd(Racer racer)
    {
        if (racer.IsGreen)
        {
            if (!Names(racer.LastSeen!, racer.Image))
            {
                _violations.Add($"The {racer.Name} ended green when the tag did not have its platforms.");
            }

            if (racer.Work.Result.Target.Digest.ToString() != racer.LastSeen)
            {
                _violations.Add($"The {racer.Name} reports {racer.Work.Result.Target.Digest}, and the tag named {racer.LastSeen} when it ended.");
            }
        }
        else if (racer.Work.Exception?.InnerException is not MultiArchException e || e.Code != (racer.Append ? DiagnosticCodes.AppendLost : DiagnosticCodes.TagNamesAnotherIndex))
        {
            _violations.Add($"The {racer.Name} failed otherwise: {racer.Work.Exception?.InnerException}");
        }
        else if (!e.Message.Contains(racer.LastSeen!, StringComparison.Ordinal) || (racer.Append && Names(racer.LastSeen!, racer.Image)))
        {
            _violations.Add($"The {racer.Name} failed and does not name what the tag named, {racer.LastSeen}: {e.Message}");
        }
    }

    private bool Names(string digest, Document image) =>
        ImageIndex.Parse(_content.Manifest(Repository, digest)!.Bytes).Manifests.Any(entry => entry.Digest == image.Digest);

    private Document Store(Platform platform)
    {
        var config = ImageConfig.Empty(platform).ToDocument(ImageFormat.Oci);
        var manifest = new ImageManifest(MediaTypes.OciManifest, config.Describe(), []).ToDocument();
        _content.AddBlob(Repository, config.Bytes.ToArray());
        _content.AddManifest(Repository, manifest.MediaType, manifest.Bytes.ToArray());
        return manifest;
    }
}
