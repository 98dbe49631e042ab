using System.Globalization;
using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>What an archive says of one of its suites: its name, how long this is valid, and each index with size and hash.</summary>
/// <remarks>https://wiki.debian.org/DebianRepository/Format#A.22Release.22_files.</remarks>
public sealed record ReleaseFile
{
    private static readonly string[] DateFormats = ["ddd, d MMM yyyy H:mm:ss zzz", "d MMM yyyy H:mm:ss zzz"];

    private ReleaseFile()
    {
    }

    /// <summary>Who makes the archive, such as <c>Debian</c>; empty when it does not say.</summary>
    public required string Origin { get; init; }

    /// <summary>Such as <c>stable</c>; empty when it does not say.</summary>
    public required string Suite { get; init; }

    /// <summary>Such as <c>bookworm</c>; empty when it does not say.</summary>
    public required string Codename { get; init; }

    /// <summary>When this was written.</summary>
    public required DateTimeOffset? Date { get; init; }

    /// <summary>Until when this is to be believed; null for ever.</summary>
    public required DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Debian's names, <c>all</c> maybe among them; empty when it does not say.</summary>
    public required IReadOnlyList<string> Architectures { get; init; }

    /// <summary>With their prefix, if they have one: <c>updates/main</c>.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>Whether each index can be had by its hash, whatever the mirror is just doing.</summary>
    public required bool HasByHash { get; init; }

    /// <summary>Whether packages for all architectures have an index of their own, and stand in no other.</summary>
    public required bool HasIndexOfAll { get; init; }

    /// <summary>By path relative to this file.</summary>
    public required IReadOnlyDictionary<string, ArchiveFile> Files { get; init; }

    /// <param name="text">As it was signed, without the signature.</param>
    /// <exception cref="FormatException">It is no such file; the message is the end of a sentence.</exception>
    public static ReleaseFile Parse(string text)
    {
        var paragraphs = ControlParagraph.ParseAll(text).Take(2).ToList();
        var fields = paragraphs is [var single] ? single : throw new FormatException(paragraphs.Count == 0 ? "it is empty" : "it has a second paragraph");
        var architectures = Words(fields["Architectures"]);
        return new ReleaseFile
        {
            Origin = fields["Origin"] ?? "",
            Suite = fields["Suite"] ?? "",
            Codename = fields["Codename"] ?? "",
            Date = ReadDate(fields, "Date"),
            ValidUntil = ReadDate(fields, "Valid-Until"),
            Architectures = architectures,
            Components = Words(fields["Components"]),
            HasByHash = fields["Acquire-By-Hash"] is "yes" or "true",
            HasIndexOfAll = architectures.Contains("all", StringComparer.Ordinal)
                && !Words(fields["No-Support-for-Architecture-all"]).Contains("Packages", StringComparer.Ordinal),
            Files = ReadFiles(fields["SHA256"] ?? throw new FormatException("it has no SHA256")),
        };
    }

    private static Dictionary<string, ArchiveFile> ReadFiles(string list)
    {
        var files = new Dictionary<string, ArchiveFile>(StringComparer.Ordinal);
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var file = ReadFile(line);
            files[file.Path] = file;
        }

        return files;
    }

    private static ArchiveFile ReadFile(string line) =>
        Words(line) is [var hash, var size, var path]
            && Digest.TryParse($"sha256:{hash.ToLowerInvariant()}", out var digest)
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new ArchiveFile(path, bytes, digest)
            : throw new FormatException($"'{OneLine.Of(line, 80)}' names no file with size and hash");

    private static DateTimeOffset? ReadDate(ControlParagraph fields, string name)
    {
        if (!fields.TryGet(name, out var value))
        {
            return null;
        }

        var zoned = value.Replace("UTC", "+00:00", StringComparison.Ordinal).Replace("GMT", "+00:00", StringComparison.Ordinal).Replace("+0000", "+00:00", StringComparison.Ordinal);
        return DateTimeOffset.TryParseExact(zoned, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var date)
            ? date
            : throw new FormatException($"its {name} is no time: '{OneLine.Of(value, 60)}'");
    }

    private static string[] Words(string? value) => (value ?? "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
}

/// <param name="Path">Relative to the Release file.</param>
/// <param name="Size">Bytes.</param>
public sealed record ArchiveFile(string Path, long Size, Digest Sha256);
