using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci;
using MultiArch.Oci.Formats;

namespace MultiArch.Debian.Lock;

/// <summary><c>multiarch.lock.json</c>: the base and the packages of each platform, so that another machine on another day makes the same layers.</summary>
/// <param name="Version">Of the format.</param>
/// <param name="Platforms">By RuntimeIdentifier, in ordinal order.</param>
public sealed record LockFile(int Version, IReadOnlyDictionary<string, LockedPlatform> Platforms)
{
    public const int CurrentVersion = 1;

    /// <summary>Bytes. A lock of a browser for six platforms has 0.5 MB.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    public static LockFile Empty { get; } = new(CurrentVersion, new Dictionary<string, LockedPlatform>());

    /// <returns>The same with one platform's entry added or replaced.</returns>
    public LockFile With(string runtimeIdentifier, LockedPlatform platform) =>
        this with { Platforms = new SortedDictionary<string, LockedPlatform>(Platforms.ToDictionary(), StringComparer.Ordinal) { [runtimeIdentifier] = platform } };

    /// <summary>Ends with a line feed; equal content is equal bytes.</summary>
    public byte[] ToUtf8Bytes() => JsonFile.Write(this, LockJson.Indented.LockFile);

    /// <param name="path">Of the file, for messages.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.LockUnreadable"/>.</exception>
    public static LockFile Parse(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            var file = bytes.Length <= MaxSize
                ? JsonSerializer.Deserialize(bytes, LockJson.Indented.LockFile) ?? throw new FormatException("it is empty")
                : throw new FormatException($"it has more than {MaxSize} bytes");
            Validate(file);
            return file;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new MultiArchException(
                DiagnosticCodes.LockUnreadable,
                $"'{path}' cannot be used as a lock: {JsonFault.Describe(e)}. Take it from source control again, or remove it and run 'dotnet build -t:UpdateMultiArchLock'.",
                e);
        }
    }

    private static void Validate(LockFile file)
    {
        if (file.Version != CurrentVersion)
        {
            throw new FormatException($"its version is {file.Version}, and this MultiArch.Build reads {CurrentVersion}");
        }

        foreach (var (name, platform) in file.Platforms)
        {
            // Of elements of a list, null is let through by the deserializer.
            if (platform is null || platform.Requests.Concat(platform.Excludes).Contains(null!) || platform.Sources.Contains(null!) || platform.Packages.Contains(null!))
            {
                throw new FormatException($"{name}: something is null");
            }

            foreach (var package in platform.Packages)
            {
                if (package.Source < 0 || package.Source >= platform.Sources.Count)
                {
                    throw new FormatException($"{name}: {package} is of the source {package.Source}, and there are {platform.Sources.Count}");
                }

                if (package.Size <= 0 || !IsPlainPath(package.Path))
                {
                    throw new FormatException($"{name}: {package} has no size or no relative path");
                }
            }
        }
    }

    /// <summary>What leads nowhere but below a source's URI.</summary>
    private static bool IsPlainPath(string path) =>
        path.Length > 0 && !path.Contains('\\') && !path.Any(char.IsControl) && !path.Split('/').Any(part => part is "" or "." or "..");
}

[JsonSerializable(typeof(LockFile))]
internal sealed partial class LockJson : JsonSerializerContext
{
    public static LockJson Indented { get; } = new(
        JsonFile.Options(new JsonStringEnumConverter<SourceOwner>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
}
