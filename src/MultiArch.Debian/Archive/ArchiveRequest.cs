using MultiArch.Debian.Sources;

namespace MultiArch.Debian.Archive;

/// <param name="What">For messages: <c>the index main/binary-amd64/Packages.xz</c>.</param>
/// <param name="MaxSize">Bytes; more is refused.</param>
/// <param name="Origin">Who named the archive, for messages.</param>
internal sealed record ArchiveRequest(Uri Uri, string What, long MaxSize, string Origin)
{
    /// <summary>Of the system that named the archive; null to ask without one.</summary>
    public AptLogins? Logins { get; init; }

    /// <summary>The <c>Last-Modified</c> of what is here already.</summary>
    public DateTimeOffset? IfModifiedSince { get; init; }

    /// <summary>What a build needs to do without this file: a sentence.</summary>
    public string WithoutNetwork { get; init; } = "Without a network a build needs multiarch.lock.json, and its packages in the cache.";

    /// <summary>The host, or the folder of this machine; never a user's name.</summary>
    public string Host => Uri.IsFile ? Path.GetDirectoryName(Uri.LocalPath) ?? "/" : Uri.Authority;

    /// <summary>Whether an address is on the server that is asked; the same host's other ports are others, which may be somebody else's.</summary>
    public bool IsAskedServer(Uri other) => Uri.Compare(other, Uri, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}

internal enum ArchiveOutcome
{
    /// <summary>It was written to the destination.</summary>
    Content,

    /// <summary>What is here already is the newest.</summary>
    NotModified,

    NotFound,
}

internal sealed record ArchiveAnswer(ArchiveOutcome Outcome, DateTimeOffset? LastModified = null);
