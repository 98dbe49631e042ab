using System.Globalization;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Where packages are kept, and how many.</summary>
/// <param name="projectDirectory">Absolute; what a relative folder is relative to.</param>
/// <param name="environment">Reads a variable of the environment.</param>
internal sealed class PackageSettings(string projectDirectory, string cacheFolder, string cacheSize, Func<string, string?> environment)
{
    private const long DefaultCapacity = 2L << 30;

    /// <summary>Absolute.</summary>
    public string CacheFolder() => cacheFolder.Length > 0 ? Path.GetFullPath(cacheFolder, projectDirectory) : Path.Combine(UserCache(), "multiarch", "packages");

    /// <summary>Bytes.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCacheSize"/>.</exception>
    public long CacheCapacity() => cacheSize.Length == 0 ? DefaultCapacity
        : long.TryParse(cacheSize, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size
        : throw new MultiArchException(DiagnosticCodes.InvalidCacheSize, $"MultiArchOSPackageCacheSize '{OneLine.Of(cacheSize)}' is no size. Set it to a number of bytes, such as 2147483648.");

    /// <summary>https://specifications.freedesktop.org/basedir-spec/latest/; the specification wants a relative value to be passed over.</summary>
    private string UserCache() =>
        environment("XDG_CACHE_HOME") is { Length: > 0 } folder && Path.IsPathFullyQualified(folder) ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
