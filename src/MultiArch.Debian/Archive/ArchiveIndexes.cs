using System.Collections.Concurrent;
using MultiArch.Debian.Resolver;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Reads what sources have: the signed Release file, and the indexes that it lists.</summary>
/// <param name="cache">Where what was read is kept; null keeps nothing.</param>
public sealed class ArchiveIndexes(ArchiveClient client, IndexCache? cache)
{
    // Bytes. That of Debian's unstable has 0.2 MB.
    private const int MaxReleaseSize = 16 * 1024 * 1024;

    // Bytes. Debian's main has 50 MB.
    private const int MaxIndexSize = 1024 * 1024 * 1024;

    private readonly ConcurrentDictionary<(Uri Folder, AptLogins? Logins), Lazy<Task<byte[]>>> _releases = new();

    /// <summary>Between the stanzas of two indexes.</summary>
    private static ReadOnlySpan<byte> Separator => "\n\n"u8;

    /// <summary>Reads all that a source has for an architecture.</summary>
    /// <param name="architecture">Debian's name.</param>
    /// <param name="trusted">The keyrings of the system that named the source.</param>
    /// <exception cref="MultiArchException">One of <c>MARCH6003</c> to <c>MARCH6014</c>.</exception>
    public async Task<SourceIndex> ReadAsync(PackageSource source, string architecture, Keyrings trusted, CancellationToken cancellationToken)
    {
        var release = await ReadReleaseAsync(source, trusted, cancellationToken);
        var indexes = ListedIndex.Find(release, source, architecture);
        var texts = await Task.WhenAll(indexes.Select(index => ReadIndexAsync(source, release, index, architecture, cancellationToken)));
        return new SourceIndex(source, release, PackageIndex.Parse(Join(texts), source.ToString()));
    }

    /// <summary>Reads what a source's archive says of itself, if a trusted key has signed it, it is the requested suite's and has not expired.</summary>
    /// <exception cref="MultiArchException">One of <c>MARCH6003</c> to <c>MARCH6014</c>.</exception>
    public async Task<ReleaseFile> ReadReleaseAsync(PackageSource source, Keyrings trusted, CancellationToken cancellationToken)
    {
        var keyring = trusted.For(source);
        var bytes = await _releases.GetOrAdd((ReleaseFolder(source), source.Logins), key => new(() => FetchReleaseAsync(key.Folder, source, cancellationToken))).Value;
        var now = client.Time.GetUtcNow();
        var text = InReleaseVerifier.Verify(bytes, keyring, source, source.CheckValidUntil ? now : null);
        ReleaseFile release;
        try
        {
            release = ReleaseFile.Parse(text);
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRelease,
                $"The signed InRelease of '{source}' ({source.Origin}) cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Tell who keeps the archive.",
                e);
        }

        ReleaseCheck.IsCurrent(release, source, now);
        return release;
    }

    private async Task<byte[]> FetchReleaseAsync(Uri folder, PackageSource source, CancellationToken cancellationToken)
    {
        var uri = new Uri(folder, "InRelease");
        var known = cache?.FindRelease(uri);
        var request = new ArchiveRequest(uri, $"the index of {OneLine.Of(source.Suite, 60)}", MaxReleaseSize, source.Origin) { Logins = source.Logins, IfModifiedSince = known?.LastModified };
        using var content = new MemoryStream();
        var answer = await client.FetchAsync(request, content, cancellationToken);
        if (answer.Outcome is ArchiveOutcome.NotModified && known is not null)
        {
            return known.Content;
        }

        if (answer.Outcome is not ArchiveOutcome.Content)
        {
            throw new ArchiveException(
                DiagnosticCodes.ArchiveRefused,
                $"{request.Host} has no '{uri.AbsolutePath}'.",
                $"Correct {source.Origin}: the suite may be misspelt, or have moved to an archive of old releases. Archives without an InRelease file are not read.");
        }

        var bytes = content.ToArray();
        if (answer.LastModified is { } time)
        {
            cache?.KeepRelease(uri, bytes, time);
        }

        return bytes;
    }

    private async Task<ReadOnlyMemory<byte>> ReadIndexAsync(PackageSource source, ReleaseFile release, ListedIndex index, string architecture, CancellationToken cancellationToken)
    {
        var content = cache?.FindIndex(index.File) ?? await FetchIndexAsync(source, release, index, architecture, cancellationToken);
        try
        {
            var size = (int)Math.Min(index.Plain?.Size ?? MaxIndexSize, MaxIndexSize);
            var text = IndexDecompression.Decompress(content, index.Extension, size, expectedSize: index.Plain is null ? 0 : size);
            return index.Plain is not { } plain || Digest.Of(text.Span) == plain.Sha256 ? text : throw new InvalidDataException("it unpacks to something else than what was signed");
        }
        catch (InvalidDataException e)
        {
            throw Mismatch(source, index, OneLine.Of(e.Message).TrimEnd('.'), e);
        }
    }

    private async Task<byte[]> FetchIndexAsync(PackageSource source, ReleaseFile release, ListedIndex index, string architecture, CancellationToken cancellationToken)
    {
        var folder = ReleaseFolder(source);
        var file = index.File;
        var byHash = $"{file.Path[..(file.Path.LastIndexOf('/') + 1)]}by-hash/SHA256/{file.Sha256.Hex}";
        foreach (var path in release.HasByHash ? new[] { byHash, file.Path } : [file.Path])
        {
            using var content = new MemoryStream();
            var request = new ArchiveRequest(ArchivePath.Combine(folder, path), $"the index {OneLine.Of(file.Path, 120)}", file.Size, source.Origin) { Logins = source.Logins };
            if ((await client.FetchAsync(request, content, cancellationToken)).Outcome is ArchiveOutcome.Content)
            {
                var bytes = content.ToArray();
                if (bytes.Length != file.Size || Digest.Of(bytes) != file.Sha256)
                {
                    throw Mismatch(source, index, $"what came has {bytes.Length} bytes and the hash {Digest.Of(bytes)}, and {file.Size} bytes with {file.Sha256} were signed", null);
                }

                cache?.KeepIndex(file, bytes);
                return bytes;
            }
        }

        // Ubuntu's archive lists every architecture and has two of them.
        throw ReleaseCheck.NotServed(source, architecture, $"it lists {OneLine.Of(file.Path, 120)} and does not have it");
    }

    private static MultiArchException Mismatch(PackageSource source, ListedIndex index, string why, Exception? cause) => new(
        DiagnosticCodes.ArchiveContentMismatch,
        $"The index {OneLine.Of(index.File.Path, 120)} of '{source}' ({source.Origin}) was not used: {why}. The mirror may just be updating: try again later, or take another one.",
        cause);

    private static Uri ReleaseFolder(PackageSource source) =>
        ArchivePath.Combine(source.Root, !source.IsFlat ? $"dists/{source.Suite}/" : source.Suite is "/" or "./" ? "" : source.Suite);

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte>[] texts)
    {
        if (texts is [var single])
        {
            return single;
        }

        var all = new byte[texts.Sum(text => text.Length + Separator.Length)];
        var at = 0;
        foreach (var text in texts)
        {
            text.Span.CopyTo(all.AsSpan(at));
            Separator.CopyTo(all.AsSpan(at + text.Length));
            at += text.Length + Separator.Length;
        }

        return all;
    }
}
