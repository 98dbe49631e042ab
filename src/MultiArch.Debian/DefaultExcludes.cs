namespace MultiArch.Debian;

/// <summary>What no app needs of the packages that it asks for.</summary>
public static class DefaultExcludes
{
    /// <summary>Dependencies that only maintainer scripts have, which are never run. One that is asked for by name is taken.</summary>
    public static IReadOnlyList<string> Packages { get; } =
    [
        "adduser",
        "debconf",
        "init-system-helpers",
        "mawk",
        "openssl",
        "sensible-utils",
        "ucf",
    ];
}
