using System.Text.Json;
using MultiArch.Oci;

namespace MultiArch.Testing.InMemory;

/// <summary>What an in-memory registry holds. Every member may be called from several threads.</summary>
public sealed class RegistryContent
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Repository, string Digest), byte[]> _blobs = [];
    private readonly Dictionary<(string Repository, string Digest), StoredManifest> _manifests = [];
    private readonly Dictionary<(string Repository, string Tag), string> _tags = [];
    private readonly Dictionary<string, MemoryStream> _uploads = [];
    private readonly List<string> _broken = [];
    private int _sessions;

    /// <summary>Each time that a tag came to name something of which a part was not there.</summary>
    public IReadOnlyList<string> BrokenTags
    {
        get
        {
            lock (_lock)
            {
                return [.. _broken];
            }
        }
    }

    /// <summary>How many uploads were begun and neither ended nor forgotten.</summary>
    public int OpenUploads
    {
        get
        {
            lock (_lock)
            {
                return _uploads.Count;
            }
        }
    }

    public byte[]? Blob(string repository, string digest)
    {
        lock (_lock)
        {
            return _blobs.GetValueOrDefault((repository, digest));
        }
    }

    /// <param name="reference">A tag or a digest.</param>
    public StoredManifest? Manifest(string repository, string reference)
    {
        lock (_lock)
        {
            return _manifests.GetValueOrDefault((repository, _tags.GetValueOrDefault((repository, reference), reference)));
        }
    }

    /// <summary>The digest that a tag names.</summary>
    public string? Tag(string repository, string tag)
    {
        lock (_lock)
        {
            return _tags.GetValueOrDefault((repository, tag));
        }
    }

    /// <summary>What a manifest or index names, itself included and all the way down, and is not there or has other bytes than its digest's.</summary>
    public IReadOnlyList<string> FindMissing(string repository, string digest)
    {
        lock (_lock)
        {
            return [.. Missing(repository, digest)];
        }
    }

    /// <summary>What a document names directly and is not there.</summary>
    public IReadOnlyList<string> FindMissingReferences(string repository, byte[] document)
    {
        lock (_lock)
        {
            return [.. References(document)
                .Where(reference => !(reference.IsManifest ? _manifests.ContainsKey((repository, reference.Digest)) : _blobs.ContainsKey((repository, reference.Digest))))
                .Select(reference => reference.Digest)];
        }
    }

    public void AddBlob(string repository, byte[] bytes)
    {
        lock (_lock)
        {
            _blobs[(repository, Digest.Of(bytes).ToString())] = bytes;
        }
    }

    /// <summary>Puts other bytes in the place of a blob's.</summary>
    public void SpoilBlob(string repository, string digest)
    {
        lock (_lock)
        {
            _blobs[(repository, digest)] = [.. _blobs[(repository, digest)].Select(octet => (byte)~octet)];
        }
    }

    public bool Mount(string repository, string from, string digest)
    {
        lock (_lock)
        {
            if (!_blobs.TryGetValue((from, digest), out var bytes))
            {
                return false;
            }

            _blobs[(repository, digest)] = bytes;
            return true;
        }
    }

    public void AddManifest(string repository, string mediaType, byte[] bytes)
    {
        lock (_lock)
        {
            _manifests[(repository, Digest.Of(bytes).ToString())] = new StoredManifest(mediaType, bytes);
        }
    }

    public void MoveTag(string repository, string tag, string digest)
    {
        lock (_lock)
        {
            _tags[(repository, tag)] = digest;
            if (Missing(repository, digest).ToList() is { Count: > 0 } missing)
            {
                _broken.Add($"{repository}:{tag} came to name {digest}, of which these were not there: {string.Join(", ", missing)}");
            }
        }
    }

    /// <summary>Opens an upload and returns its session's name.</summary>
    public string StartUpload()
    {
        lock (_lock)
        {
            var session = $"session-{++_sessions}";
            _uploads[session] = new MemoryStream();
            return session;
        }
    }

    /// <summary>Adds to an upload.</summary>
    /// <param name="from">Where the client believes that the bytes belong; null when it does not say.</param>
    /// <returns>Whether the bytes belonged there, and how many there are now; null when there is no such upload.</returns>
    public (bool Fits, long Length)? Append(string session, long? from, byte[] bytes)
    {
        lock (_lock)
        {
            if (!_uploads.TryGetValue(session, out var upload))
            {
                return null;
            }

            var fits = from is null || from == upload.Length;
            if (fits)
            {
                upload.Write(bytes);
            }

            return (fits, upload.Length);
        }
    }

    /// <summary>Ends an upload and returns its bytes; null when there is no such upload.</summary>
    public byte[]? EndUpload(string session)
    {
        lock (_lock)
        {
            return _uploads.Remove(session, out var upload) ? upload.ToArray() : null;
        }
    }

    /// <summary>Ends all uploads, as a restart does.</summary>
    public void ForgetUploads()
    {
        lock (_lock)
        {
            _uploads.Clear();
        }
    }

    private IEnumerable<string> Missing(string repository, string digest)
    {
        if (!_manifests.TryGetValue((repository, digest), out var manifest) || Digest.Of(manifest.Bytes).ToString() != digest)
        {
            return [digest];
        }

        return References(manifest.Bytes).SelectMany(reference => reference.IsManifest
            ? Missing(repository, reference.Digest)
            : _blobs.TryGetValue((repository, reference.Digest), out var blob) && Digest.Of(blob).ToString() == reference.Digest ? [] : [reference.Digest]);
    }

    private static List<(string Digest, bool IsManifest)> References(byte[] document)
    {
        using var json = JsonDocument.Parse(document);
        var references = new List<(string, bool)>();
        foreach (var (name, isManifest) in new[] { ("manifests", true), ("layers", false) })
        {
            if (json.RootElement.TryGetProperty(name, out var entries))
            {
                references.AddRange(entries.EnumerateArray().Select(entry => (entry.GetProperty("digest").GetString()!, isManifest)));
            }
        }

        if (json.RootElement.TryGetProperty("config", out var config))
        {
            references.Add((config.GetProperty("digest").GetString()!, false));
        }

        return references;
    }
}

/// <summary>A manifest or index with the type under which it was sent.</summary>
public sealed record StoredManifest(string MediaType, byte[] Bytes);
