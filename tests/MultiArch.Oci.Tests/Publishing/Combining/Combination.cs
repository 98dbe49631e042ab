using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing.Combining;

/// <summary>A registry <c>r.io</c> with the repository <c>app</c>, in which images become one index, and others from which they come.</summary>
internal sealed class Combination : IProgress<PublishEvent>
{
    private readonly Lock _lock = new();

    public RecordingStore Destination { get; init; } = new() { Repository = ImageReference.Parse("r.io/app"), KnowsTags = true };

    /// <summary>By registry and repository.</summary>
    public Dictionary<string, RecordingStore> Others { get; } = [];

    public List<PublishEvent> Events { get; } = [];

    public Func<CombineRequest, CombineRequest> Asking { get; set; } = request => request;

    public RecordingStore Open(string name)
    {
        if (name == "r.io/app")
        {
            return Destination;
        }

        return Others.TryGetValue(name, out var store) ? store : Others[name] = new RecordingStore { Repository = ImageReference.Parse(name) };
    }

    /// <summary>Writes an image into a repository.</summary>
    public async Task<CombineSource> WriteAsync(string repository, Platform platform, params string[] layers)
    {
        var manifest = await StoredImage.WriteAsync(Open(repository), platform, layers);
        return Source(repository, manifest);
    }

    public static CombineSource Source(string repository, Document document, ImageReport? report = null) =>
        new($"{repository}@{document.Digest}", ImageReference.Parse($"{repository}@{document.Digest}"), report);

    public Task<PublishReport> CombineAsync(CancellationToken cancellationToken, params IReadOnlyList<CombineSource> sources) =>
        new ImageCombiner(Destination, image => Open(image.Name), this, TimeProvider.System).CombineAsync(Asking(new CombineRequest(sources, ["1.0"])), cancellationToken);

    /// <summary>Fails unless it is refused with one line of this code, and nothing is written.</summary>
    public async Task<string> RefusesAsync(string code, CancellationToken cancellationToken, params IReadOnlyList<CombineSource> sources)
    {
        var written = Destination.Writes.Count;
        var e = await Assert.ThrowsExactlyAsync<MultiArchException>(() => CombineAsync(cancellationToken, sources));
        Assert.AreEqual(code, e.Code, e.Message);
        Assert.AreEqual(OneLine.Of(e.Message, int.MaxValue), e.Message);
        Assert.EndsWith(".", e.Message);
        Assert.AreEqual(written, Destination.Writes.Count, "Nothing is written.");
        return e.Message;
    }

    public void Report(PublishEvent value)
    {
        lock (_lock)
        {
            Events.Add(value);
        }
    }
}
