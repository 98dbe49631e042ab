using System.Globalization;
using MultiArch.Debian.Archive;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Archive;

/// <summary>An archive of a test, somebody who asks it, and the folder in which they keep what they got.</summary>
internal sealed class Shop : IDisposable
{
    private readonly TempDirectory _folder = new();

    public Shop(ArchiveForm? form = null, ArchiveKey? key = null)
    {
        Archive = new TestArchive(form, key);
        Client = new ArchiveClient(Options);
        Indexes = new ArchiveIndexes(Client, new IndexCache(CacheFolder, 1_000_000, Time));
    }

    public static DateTimeOffset Now { get; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public LeapingTime Time { get; } = new();

    public Recorder Events { get; } = new();

    public ArchiveOptions Options => new() { Time = Time, Progress = Events };

    public TestArchive Archive { get; }

    public ArchiveClient Client { get; set; }

    public ArchiveIndexes Indexes { get; set; }

    public string CacheFolder => _folder["cache"];

    public PackageSource Source => new(new Uri(Archive.Uri), Archive.Form.Folder, Archive.Form.Components, "an item of a test")
    {
        SignedBy = new SignedBy([Archive.KeyringPath], [], Block: null),
    };

    public Keyrings Keyrings { get; } = new(new HostRootFiles(), "this machine");

    /// <summary>With nothing in memory of what was read before.</summary>
    public void Restart() => Indexes = new ArchiveIndexes(Client, new IndexCache(CacheFolder, 1_000_000, Time));

    public async Task<SourceIndex> ReadAsync(string architecture = "amd64", PackageSource? source = null) =>
        await Indexes.ReadAsync(source ?? Source, architecture, Keyrings, CancellationToken.None);

    public async Task RefusesAsync(string code, string reason, string architecture = "amd64", PackageSource? source = null)
    {
        try
        {
            await ReadAsync(architecture, source);
        }
        catch (MultiArchException e)
        {
            Assert.AreEqual(code, e.Code, e.Message);
            StringAssert.Contains(e.Message, reason);
            Assert.DoesNotContain("\n", e.Message);
            return;
        }

        Assert.Fail($"It was read, and {code} was expected: {reason}");
    }

    /// <summary>A stanza of an index, for a package that nobody fetches.</summary>
    public static string Stanza(string name, string architecture = "amd64", string version = "1.0") => string.Create(
        CultureInfo.InvariantCulture,
        $"Package: {name}\nVersion: {version}\nArchitecture: {architecture}\nFilename: pool/main/{name}_{version}_{architecture}.deb\nSize: 1\nSHA256: {new string('0', 64)}\n");

    public void Dispose()
    {
        Client.Dispose();
        Archive.Dispose();
        _folder.Dispose();
    }

    internal sealed class Recorder : IProgress<ArchiveEvent>
    {
        private readonly List<ArchiveEvent> _events = [];

        public IReadOnlyList<ArchiveEvent> All
        {
            get
            {
                lock (_events)
                {
                    return [.. _events];
                }
            }
        }

        public void Report(ArchiveEvent value)
        {
            lock (_events)
            {
                _events.Add(value);
            }
        }
    }
}
