namespace MultiArch.Debian.Lock;

/// <summary>Compares what a project asks for with what a lock was made for.</summary>
internal static class LockDrift
{
    /// <returns>What differs, as the end of a sentence; null when the lock answers the plan.</returns>
    public static string? Find(PackagePlan plan, LockedPlatform locked)
    {
        if (locked.Base.Reference != plan.BaseImage)
        {
            return $"the base is '{plan.BaseImage}', and '{locked.Base.Reference}' is locked";
        }

        return Compare("MultiArchOSPackage", plan.Requests, locked.Requests)
            ?? Compare("MultiArchOSPackageExclude", plan.Excludes, locked.Excludes)
            ?? (plan.Sources.Count > 0 || locked.SourcesOf is SourceOwner.Project
                ? Compare("MultiArchOSPackageSource", [.. plan.Sources.Select(Describe)], locked.SourcesOf is SourceOwner.Project ? [.. locked.Sources.Select(Describe)] : [])
                : null);
    }

    private static string? Compare(string item, IReadOnlyList<string> asked, IReadOnlyList<string> locked)
    {
        var added = asked.Except(locked, StringComparer.Ordinal).Select(text => $"'{text}' is new");
        var removed = locked.Except(asked, StringComparer.Ordinal).Select(text => $"'{text}' is gone");
        return string.Join(", ", added.Concat(removed)) is { Length: > 0 } changes ? $"of {item} {changes}"
            : asked.SequenceEqual(locked, StringComparer.Ordinal) ? null
            : $"the order of {item} is another";
    }

    private static string Describe(PlannedSource source) => Describe(source.Uri, source.Suite, source.Components);

    private static string Describe(LockedSource source) => Describe(source.Uri, source.Suite, source.Components);

    /// <summary>With or without a slash at its end, an address is the same.</summary>
    private static string Describe(string uri, string suite, IReadOnlyList<string> components) =>
        string.Join(' ', [Uri.TryCreate(uri, UriKind.Absolute, out var absolute) ? absolute.AbsoluteUri.TrimEnd('/') : uri, suite, .. components]);
}
