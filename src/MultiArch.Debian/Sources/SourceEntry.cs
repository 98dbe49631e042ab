using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>An entry of a sources file as it stands there, in either form: several types, URIs and suites are as many sources.</summary>
/// <param name="Options">By deb822's names, such as <c>Signed-By</c>.</param>
/// <param name="Origin">File and line, and whose.</param>
/// <param name="IsLocal">Whether the file belongs to this machine, so that <c>file:</c> means what it says.</param>
internal sealed record SourceEntry(
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Uris,
    IReadOnlyList<string> Suites,
    IReadOnlyList<string> Components,
    IReadOnlyDictionary<string, string> Options,
    string Origin,
    bool IsLocal)
{
    /// <exception cref="FormatException">An option has a value that it cannot have.</exception>
    public SourceList Expand()
    {
        if (Types.FirstOrDefault(type => type is not ("deb" or "deb-src")) is { } unknown)
        {
            throw new FormatException($"'{OneLine.Of(unknown, 60)}' is no type of source; deb and deb-src are");
        }

        if (!Types.Contains("deb") || !Flag("Enabled", otherwise: true))
        {
            return SourceList.Empty;
        }

        var sources = new List<PackageSource>();
        var skipped = new List<SkippedSource>();
        foreach (var uri in Uris)
        {
            foreach (var suite in Suites)
            {
                if (WhyUnusable(uri, suite) is { } reason)
                {
                    skipped.Add(new SkippedSource(string.Join(' ', ["deb", uri, suite, .. Components]), Origin, reason));
                }
                else
                {
                    sources.Add(Read(uri, suite));
                }
            }
        }

        return new SourceList(sources, skipped);
    }

    private PackageSource Read(string uri, string suite)
    {
        if (suite.EndsWith('/') != (Components.Count == 0))
        {
            throw new FormatException(suite.EndsWith('/') ? $"the suite '{OneLine.Of(suite, 60)}' ends with / and takes no components" : $"the suite '{OneLine.Of(suite, 60)}' has no components");
        }

        return new PackageSource(new Uri(Address(uri)), suite, Components, Origin)
        {
            Architectures = Words("Architectures"),
            ExcludedArchitectures = Words("Architectures-Remove"),
            SignedBy = Options.TryGetValue("Signed-By", out var signedBy) ? SignedByOption.Parse(signedBy) : null,
            CheckValidUntil = Flag("Check-Valid-Until", otherwise: true),
        };
    }

    /// <returns>The end of a sentence; null for what can be used.</returns>
    private string? WhyUnusable(string uri, string suite)
    {
        var scheme = uri.IndexOf(':') is > 0 and var colon ? uri[..colon] : "";
        return uri.Contains("$(", StringComparison.Ordinal) || suite.Contains("$(", StringComparison.Ordinal) ? "it holds a variable"
            : scheme is not ("http" or "https" or "file" or "copy") ? $"'{OneLine.Of(scheme, 40)}' is a scheme that is not read; http, https and file are"
            : !Uri.TryCreate(Address(uri), UriKind.Absolute, out var parsed) || parsed.Query.Length > 0 || parsed.Fragment.Length > 0 ? "its address is none"
            : parsed.UserInfo.Length > 0 ? "it holds a name or a password, which would stand in logs and in the lock, and has its place in /etc/apt/auth.conf"
            : parsed.IsFile && !IsLocal ? "its packages lie in files of the image"
            : suite.Split('/').Contains("..") ? "its suite leaves the archive"
            : Flag("Trusted", otherwise: false) ? "trusted=yes would take packages that nobody has signed"
            : Options.ContainsKey("Trusted") ? "trusted=no takes no signature for good"
            : Options.ContainsKey("InRelease-Path") ? "InRelease-Path is not read"
            : null;
    }

    /// <summary>To apt, <c>copy:</c> is <c>file:</c> with a copy made; here one is made anyway. And its paths have one slash, where Uri wants three.</summary>
    private static string Address(string uri)
    {
        var path = uri.StartsWith("copy:/", StringComparison.Ordinal) || uri.StartsWith("file:/", StringComparison.Ordinal) ? uri["file:".Length..] : null;
        return path is null ? uri : path.StartsWith("//", StringComparison.Ordinal) ? $"file:{path}" : $"file://{path}";
    }

    private string[] Words(string name) => Options.TryGetValue(name, out var value) ? value.Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];

    private bool Flag(string name, bool otherwise) => !Options.TryGetValue(name, out var value) ? otherwise : value.ToLowerInvariant() switch
    {
        "yes" or "true" or "with" or "on" or "enable" or "1" => true,
        "no" or "false" or "without" or "off" or "disable" or "0" => false,
        _ => throw new FormatException($"{name} is '{OneLine.Of(value, 60)}'; yes and no can be said"),
    };
}
