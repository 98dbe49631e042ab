using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Races;

/// <summary>One process that combines or appends, with connections and a memory of its own.</summary>
internal sealed class Racer : IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly RegistryEntrance _entrance;
    private readonly Func<IImageStore, IImageStore> _spoil;

    /// <param name="image">What it combines; all of it is in the registry.</param>
    /// <param name="spoil">Makes a wrong store of the right one, to see that it is caught.</param>
    public Racer(string name, RegistryContent content, Func<RegistryCall, bool> waits, bool append, Document image, Func<IImageStore, IImageStore> spoil)
    {
        (Name, Append, Image, _spoil) = (name, append, image, spoil);
        _entrance = new RegistryEntrance(content, waits);
        _transport = new RegistryTransport(new RegistryOptions { Time = new FastTime(), Retries = RetryLimits.Default });
    }

    public string Name { get; }

    public bool Append { get; }

    public Document Image { get; }

    /// <summary>Requests of this one that have not been let in.</summary>
    public List<WaitingRequest> Waiting { get; } = [];

    /// <summary>What the tag named directly after the last of its requests that asked or moved it.</summary>
    public string? LastSeen { get; set; }

    public Task<PublishReport> Work { get; private set; } = null!;

    public bool IsGreen => Work.IsCompletedSuccessfully;

    public void Start(string repository, string tag, CancellationToken cancellationToken)
    {
        var place = new ImageReference(_entrance.Address, repository);
        var request = new CombineRequest([new CombineSource(Name, place with { Digest = Image.Digest })], [tag]) { Append = Append };
        var combiner = new ImageCombiner(_spoil(new RegistryClient(place, _transport)), _ => throw new InvalidOperationException("All is in one repository."), new NoProgress(), TimeProvider.System);
        Work = Task.Run(() => combiner.CombineAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Waits until it cannot go on without being let in, or is done.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (Waiting.Count == 0 && !Work.IsCompleted)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Work, _entrance.Waiting.WaitToReadAsync(done.Token).AsTask());
            await done.CancelAsync();
            Take();
        }

        Take();
    }

    public void Dispose()
    {
        _transport.Dispose();
        _entrance.Dispose();
    }

    private void Take()
    {
        while (_entrance.Waiting.TryRead(out var waiting))
        {
            Waiting.Add(waiting);
        }
    }

    private sealed class NoProgress : IProgress<PublishEvent>
    {
        public void Report(PublishEvent value)
        {
        }
    }
}
